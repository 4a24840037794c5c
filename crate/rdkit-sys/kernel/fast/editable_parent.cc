#include "fast/editable_parent.h"

#include <GraphMol/MonomerInfo.h>
#include <GraphMol/RingInfo.h>
#include <GraphMol/SubstanceGroup.h>

#include <algorithm>
#include <cstdlib>

#include "base/elements.h"
#include "fast/disjoint_sets.h"
#include "fast/fixed_rings.h"
#include "fast/ring_bonds.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;

constexpr unsigned int kMaxAromaticRings = 4;  // in a fused system

bool has_properties(const RDKit::RDProps &object) { return !object.getDict().getData().empty(); }

// The atom as it is after a product is sanitized.
Atom settled(const Atom &atom) {
  Atom copy(atom);
  if (has_properties(copy)) {
    copy.clearComputedProps();
  }
  free_pyrrole_hydrogen(copy);
  return copy;
}

bool is_plain_centre(const Atom &atom) {
  const auto tag = atom.getChiralTag();
  return (tag == Atom::CHI_TETRAHEDRAL_CW || tag == Atom::CHI_TETRAHEDRAL_CCW) && atom.getTotalDegree() == 4;
}

bool has_direction(const Bond &bond) {
  return bond.getBondDir() == Bond::ENDUPRIGHT || bond.getBondDir() == Bond::ENDDOWNRIGHT;
}

// The reaction runner throws if an end has a fourth neighbour, including hydrogens: C/P(CO)=N/O.
bool is_plain_stereo_bond(const Bond &bond) {
  constexpr unsigned int kMaxDegree = 3;
  return bond.getBeginAtom()->getTotalDegree() <= kMaxDegree &&
         bond.getEndAtom()->getTotalDegree() <= kMaxDegree && bond.getBondType() == Bond::DOUBLE &&
         bond.getStereo() > Bond::STEREOANY && bond.getStereo() <= Bond::STEREOTRANS &&
         bond.getStereoAtoms().size() == 2;
}

const char *obstacle_in(const Atom &atom) {
  const int element = atom.getAtomicNum();
  if (element == kHydrogen) {
    return "hydrogen atom";
  }
  if (!is_plain_element(element)) {
    return "element";
  }
  if (atom.hasQuery() || atom.getMonomerInfo()) {
    return "query or residue";
  }
  if (atom.getNumRadicalElectrons()) {
    return "radical";
  }
  if (atom.getChiralTag() != Atom::CHI_UNSPECIFIED && !is_plain_centre(atom)) {
    return "stereo centre other than a tetrahedral one with four neighbours";
  }
  if (may_be_cleaned(atom)) {
    return "group that sanitizing may charge";
  }
  const bool may_be_aromatic =
      element == kCarbon || element == kNitrogen || element == kOxygen || element == kSulfur;
  if (atom.getIsAromatic() && (!may_be_aromatic || std::abs(atom.getFormalCharge()) > 1)) {
    return "aromatic atom";
  }
  return nullptr;
}

// Whether the end of a multiple bond is aromatic, but not as in pyridone or quinone: carbon with a bond
// outside of rings.
bool is_odd_end(const Bond &bond, const Atom &end) {
  return end.getIsAromatic() && (end.getAtomicNum() != kCarbon ||
                                 bond.getOwningMol().getRingInfo()->numBondRings(bond.getIdx()) > 0);
}

const char *obstacle_in(const Bond &bond) {
  if (bond.hasQuery() || !is_plain_bond(bond.getBondType())) {
    return "bond";
  }
  const bool is_aromatic = bond.getBondType() == Bond::AROMATIC;
  if (bond.getIsAromatic() != is_aromatic) {
    return "aromatic bond";
  }
  if (is_multiple(bond.getBondType()) &&
      (is_odd_end(bond, *bond.getBeginAtom()) || is_odd_end(bond, *bond.getEndAtom()))) {
    return "multiple bond at an aromatic atom";
  }
  const bool has_plain_direction =
      bond.getBondDir() == Bond::NONE || (bond.getBondType() == Bond::SINGLE && has_direction(bond));
  if (!has_plain_direction || (bond.getStereo() != Bond::STEREONONE && !is_plain_stereo_bond(bond))) {
    return "double bond without known stereo";
  }
  return nullptr;
}

}  // namespace

void free_pyrrole_hydrogen(Atom &atom) {
  if (atom.getIsAromatic() && (atom.getAtomicNum() == kNitrogen || atom.getAtomicNum() == kPhosphorus) &&
      atom.getFormalCharge() == 0 && atom.getNumExplicitHs() == 1) {
    atom.setNoImplicit(false);
  }
}

EditableParent::EditableParent(const RDKit::ROMol &parent) : molecule(parent) {
  obstacle = find_obstacle();
  if (obstacle) {
    return;
  }
  copy_graph();
  note_stereo();
  judge_rings();
}

const char *EditableParent::find_obstacle() const {
  if (molecule.getNumConformers() || !molecule.getStereoGroups().empty() ||
      !getSubstanceGroups(molecule).empty()) {
    return "extension of the SMILES";
  }
  if (!knows_rings(molecule)) {
    return "rings unknown";
  }
  for (const auto *atom : molecule.atoms()) {
    if (const auto *found = obstacle_in(*atom)) {
      return found;
    }
  }
  for (const auto *bond : molecule.bonds()) {
    if (const auto *found = obstacle_in(*bond)) {
      return found;
    }
  }
  return nullptr;
}

void EditableParent::copy_graph() {
  atoms.reserve(molecule.getNumAtoms());
  first.reserve(molecule.getNumAtoms() + 1);
  neighbours.reserve(2 * molecule.getNumBonds());
  for (const auto *atom : molecule.atoms()) {
    atoms.push_back(settled(*atom));
    first.push_back(static_cast<unsigned int>(neighbours.size()));
    for (const auto *bond : molecule.atomBonds(atom)) {
      neighbours.push_back({bond->getOtherAtomIdx(atom->getIdx()), bond->getIdx()});
    }
  }
  first.push_back(static_cast<unsigned int>(neighbours.size()));
  bonds.reserve(molecule.getNumBonds());
  for (const auto *bond : molecule.bonds()) {
    bonds.push_back({bond->getBeginAtomIdx(), bond->getEndAtomIdx(), bond->getBondType(), bond});
  }
}

void EditableParent::note_stereo() {
  has_centres = std::any_of(atoms.begin(), atoms.end(),
                            [](const Atom &atom) { return atom.getChiralTag() != Atom::CHI_UNSPECIFIED; });
  for (const auto &bond : bonds) {
    has_stereo_bonds = has_stereo_bonds || bond.bond->getStereo() != Bond::STEREONONE;
    has_directions = has_directions || has_direction(*bond.bond);
  }
}

void EditableParent::judge_rings() {
  const auto &info = *molecule.getRingInfo();
  in_ring.assign(atoms.size(), false);
  DisjointSets systems(info.numRings());
  for (unsigned int bond = 0; bond < bonds.size(); ++bond) {
    if (info.numBondRings(bond) == 0) {
      continue;
    }
    in_ring[bonds[bond].begin] = in_ring[bonds[bond].end] = true;
    const auto &rings = info.bondMembers(bond);
    for (std::size_t i = 1; i < rings.size(); ++i) {
      systems.join(rings[0], rings[i]);
    }
  }
  rings_are_fixed = xform::rings_are_fixed(molecule);
  if (!rings_are_fixed) {
    const auto on_cycle = find_cycles(molecule).has_bond;
    if (bonds_in_known_rings(molecule) != on_cycle) {
      obstacle = "rings that do not cover a cycle";
    }
    rings_may_differ = !are_fixed_where_they_matter(molecule, on_cycle);
  }
  std::vector<unsigned int> aromatic_rings(info.numRings(), 0);
  const auto is_aromatic = [this](int atom) { return atoms[atom].getIsAromatic(); };
  for (unsigned int ring = 0; ring < info.numRings(); ++ring) {
    const auto &members = info.atomRings()[ring];
    if (std::all_of(members.begin(), members.end(), is_aromatic) &&
        ++aromatic_rings[systems.find(ring)] > kMaxAromaticRings) {
      obstacle = "large aromatic system";
    }
  }
}

}  // namespace xform
