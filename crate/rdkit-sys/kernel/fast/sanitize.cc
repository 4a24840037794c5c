#include "fast/sanitize.h"

#include <GraphMol/MolOps.h>

#include <cstdint>
#include <tuple>
#include <vector>

#include "base/elements.h"

namespace xform {
namespace {

// The fields of an atom that sanitizeMol reads and may write; it never writes element and isotope.
struct AtomFields {
  int charge;
  unsigned int explicit_hydrogens;
  unsigned int radical_electrons;
  int chiral_tag;
  bool no_implicit;
  bool aromatic;

  explicit AtomFields(const RDKit::Atom &atom)
      : charge(atom.getFormalCharge()),
        explicit_hydrogens(atom.getNumExplicitHs()),
        radical_electrons(atom.getNumRadicalElectrons()),
        chiral_tag(atom.getChiralTag()),
        no_implicit(atom.getNoImplicit()),
        aromatic(atom.getIsAromatic()) {}

  bool operator==(const AtomFields &other) const { return tied() == other.tied(); }

 private:
  std::tuple<int, unsigned int, unsigned int, int, bool, bool> tied() const {
    return {charge, explicit_hydrogens, radical_electrons, chiral_tag, no_implicit, aromatic};
  }
};

// These fields of a bond; its ends are swapped if it becomes dative.
struct BondFields {
  unsigned int begin;
  int type;
  int direction;
  int stereo;
  bool aromatic;

  explicit BondFields(const RDKit::Bond &bond)
      : begin(bond.getBeginAtomIdx()),
        type(bond.getBondType()),
        direction(bond.getBondDir()),
        stereo(bond.getStereo()),
        aromatic(bond.getIsAromatic()) {}

  bool operator==(const BondFields &other) const { return tied() == other.tied(); }

 private:
  std::tuple<unsigned int, int, int, int, bool> tied() const {
    return {begin, type, direction, stereo, aromatic};
  }
};

struct Snapshot {
  std::vector<AtomFields> atoms;
  std::vector<BondFields> bonds;

  explicit Snapshot(const RDKit::ROMol &molecule) {
    atoms.reserve(molecule.getNumAtoms());
    for (const auto *atom : molecule.atoms()) {
      atoms.emplace_back(*atom);
    }
    bonds.reserve(molecule.getNumBonds());
    for (const auto *bond : molecule.bonds()) {
      bonds.emplace_back(*bond);
    }
  }

  bool operator==(const Snapshot &other) const { return atoms == other.atoms && bonds == other.bonds; }
};

bool has_hydrogen_atoms(const RDKit::ROMol &molecule) {
  for (const auto *atom : molecule.atoms()) {
    if (atom->getAtomicNum() == kHydrogen) {
      return true;
    }
  }
  return false;
}

}  // namespace

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
