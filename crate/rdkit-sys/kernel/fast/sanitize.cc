#include "fast/sanitize.h"

#include <GraphMol/MolOps.h>

#include <tuple>
#include <utility>
#include <vector>

#include "base/elements.h"

namespace xform {
namespace {

// The fields of an atom that sanitizeMol reads and may write; it never writes element and isotope.
auto fields_of(const RDKit::Atom &atom) {
  return std::tuple(atom.getFormalCharge(), atom.getNumExplicitHs(), atom.getNumRadicalElectrons(),
                    atom.getChiralTag(), atom.getNoImplicit(), atom.getIsAromatic());
}

// These fields of a bond; its ends are swapped if it becomes dative.
auto fields_of(const RDKit::Bond &bond) {
  return std::tuple(bond.getBeginAtomIdx(), bond.getBondType(), bond.getBondDir(), bond.getStereo(),
                    bond.getIsAromatic());
}

struct Snapshot {
  std::vector<decltype(fields_of(std::declval<const RDKit::Atom &>()))> atoms;
  std::vector<decltype(fields_of(std::declval<const RDKit::Bond &>()))> bonds;

  explicit Snapshot(const RDKit::ROMol &molecule) {
    atoms.reserve(molecule.getNumAtoms());
    for (const auto *atom : molecule.atoms()) {
      atoms.push_back(fields_of(*atom));
    }
    bonds.reserve(molecule.getNumBonds());
    for (const auto *bond : molecule.bonds()) {
      bonds.push_back(fields_of(*bond));
    }
  }

  bool operator==(const Snapshot &other) const { return atoms == other.atoms && bonds == other.bonds; }
};

}  // namespace

bool has_hydrogen_atoms(const RDKit::ROMol &molecule) {
  for (const auto *atom : molecule.atoms()) {
    if (atom->getAtomicNum() == kHydrogen) {
      return true;
    }
  }
  return false;
}

bool sanitize(RDKit::RWMol &molecule) {
  if (has_hydrogen_atoms(molecule)) {
    RDKit::MolOps::sanitizeMol(molecule);
    return false;
  }
  const Snapshot before(molecule);
  RDKit::MolOps::sanitizeMol(molecule);
  return Snapshot(molecule) == before;
}

}  // namespace xform
