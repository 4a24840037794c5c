#include "parent_sanitize.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::RWMol;
namespace MolOps = RDKit::MolOps;

// The elements that SMILES have without brackets are neither hydrogen nor metals.
bool is_organic(const RWMol &molecule) {
  for (const auto *atom : molecule.atoms()) {
    if (!RDKit::SmilesWrite::inOrganicSubset(atom->getAtomicNum())) {
      return false;
    }
  }
  return molecule.getNumAtoms() > 0;
}

bool has_chiral_atoms(const RWMol &molecule) {
  for (const auto *atom : molecule.atoms()) {
    if (atom->getChiralTag() != Atom::CHI_UNSPECIFIED) {
      return true;
    }
  }
  return false;
}

bool has_stereo_bonds(const RWMol &molecule) {
  for (const auto *bond : molecule.bonds()) {
    if (bond->getStereo() != Bond::STEREONONE) {
      return true;
    }
  }
  return false;
}

void remove_hydrogens(RWMol &molecule) {
  MolOps::RemoveHsParameters parameters;
  parameters.updateExplicitCount = true;
  const bool sanitize = true;
  MolOps::removeHs(molecule, parameters, sanitize);
}

}  // namespace

void sanitize_parent(RWMol &molecule) {
  if (!is_organic(molecule)) {
    remove_hydrogens(molecule);
    return;
  }
  molecule.clearComputedProps();
  MolOps::cleanUp(molecule);
  molecule.updatePropertyCache(true);
  RDKit::VECT_INT_VECT rings;
  MolOps::symmetrizeSSSR(molecule, rings);
  MolOps::Kekulize(molecule);
  MolOps::assignRadicals(molecule);
  MolOps::setAromaticity(molecule);
  MolOps::setConjugation(molecule);
  MolOps::setHybridization(molecule);
  if (has_chiral_atoms(molecule)) {
    MolOps::cleanupChirality(molecule);
  }
  if (has_stereo_bonds(molecule)) {
    MolOps::cleanupAtropisomers(molecule);
  }
  MolOps::adjustHs(molecule);
  molecule.updatePropertyCache(true);
}

}  // namespace xform
