#include "fast/mol_block.h"

#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/MolOps.h>

#include <algorithm>

#include "base/elements.h"
#include "fast/ring_bonds.h"
#include "fast/sanitize.h"
#include "fast/stereo_marks.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::RWMol;
namespace MolOps = RDKit::MolOps;

std::unique_ptr<RWMol> parse_unsanitized(const std::string &text) {
  RDKit::v2::FileParsers::MolFileParserParams parameters;
  parameters.sanitize = false;
  parameters.removeHs = false;
  return RDKit::v2::FileParsers::MolFromMolBlock(text, parameters);
}

bool is_plain(const RWMol &molecule) {
  auto atoms = molecule.atoms();
  auto bonds = molecule.bonds();
  return std::all_of(atoms.begin(), atoms.end(),
                     [](const Atom *atom) {
                       const auto element = atom->getAtomicNum();
                       return (is_plain_element(element) || element == kHydrogen) && !atom->hasQuery() &&
                              is_plain_charge(atom->getFormalCharge()) && !may_be_cleaned(*atom);
                     }) &&
         std::all_of(bonds.begin(), bonds.end(), [](const Bond *bond) {
           return is_plain_bond(bond->getBondType()) && !bond->hasQuery();
         });
}

// The steps of sanitizeMol that have something to do, for a plain molecule whose rings are known.
void sanitize_with_rings(RWMol &molecule, bool has_marks) {
  const bool strict = true, rings = true;
  molecule.clearComputedProps(!rings);
  molecule.updatePropertyCache(strict);
  know_rings(molecule);
  MolOps::Kekulize(molecule);
  MolOps::assignRadicals(molecule);
  MolOps::setAromaticity(molecule);
  if (has_marks) {
    MolOps::setConjugation(molecule);
    MolOps::setHybridization(molecule);
    MolOps::cleanupChirality(molecule);
    MolOps::cleanupAtropisomers(molecule);
  }
  MolOps::adjustHs(molecule);
  molecule.updatePropertyCache(strict);
}

}  // namespace

std::unique_ptr<RWMol> parse_plain_block(const std::string &text) {
  auto molecule = parse_unsanitized(text);
  if (!molecule || molecule->getNumAtoms() == 0 || !is_plain(*molecule)) {
    return nullptr;
  }
  const bool has_marks = has_stereo_marks(*molecule);
  if (has_hydrogen_atoms(*molecule)) {
    MolOps::removeHs(*molecule);
  } else {
    sanitize_with_rings(*molecule, has_marks);
  }
  const bool clean_it = true, force = true;
  MolOps::assignStereochemistry(*molecule, clean_it, force, has_marks);
  return molecule;
}

}  // namespace xform
