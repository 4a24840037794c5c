#include "fixed_rings.h"

#include <GraphMol/RingInfo.h>

#include <algorithm>
#include <vector>

#include "disjoint_sets.h"

namespace xform {
namespace {

using RDKit::Bond;
using RDKit::RingInfo;
using RDKit::ROMol;

constexpr unsigned int kMaxAromaticDegree = 3;
// A longer ring is not proved to be fixed: the paths to be tried become many.
constexpr std::size_t kMaxProvedRing = 8;

using RingChoice = std::vector<bool>;  // by ring

bool form_no_circle(const RingInfo &info, unsigned int bonds, const RingChoice &chosen) {
  DisjointSets systems(info.numRings());
  for (unsigned int bond = 0; bond < bonds; ++bond) {
    if (info.numBondRings(bond) < 2) {
      continue;
    }
    int first = -1;
    unsigned int found = 0;
    for (const int ring : info.bondMembers(bond)) {
      if (!chosen[ring]) {
        continue;
      }
      if (++found > 2 || (found == 2 && !systems.join(first, ring))) {
        return false;
      }
      first = ring;
    }
  }
  return true;
}

// Paths along ring bonds between the ends of a bond, other than the bond.
class Detours {
 public:
  explicit Detours(const ROMol &molecule)
      : molecule_(molecule), rings_(*molecule.getRingInfo()), on_path_(molecule.getNumAtoms(), false) {}

  // Their number, of those with at most `length` bonds.
  unsigned int count(const Bond &bond, std::size_t length) {
    target_ = bond.getEndAtomIdx();
    return count_from(bond.getBeginAtomIdx(), &bond, length);
  }

 private:
  unsigned int count_from(unsigned int atom, const Bond *from, std::size_t length) {
    unsigned int found = 0;
    on_path_[atom] = true;
    for (const auto *bond : molecule_.atomBonds(molecule_.getAtomWithIdx(atom))) {
      const auto next = bond->getOtherAtomIdx(atom);
      if (bond == from || on_path_[next] || !rings_.numBondRings(bond->getIdx())) {
        continue;
      }
      if (next == target_) {
        ++found;
      } else if (length > 1) {
        found += count_from(next, bond, length - 1);
      }
    }
    on_path_[atom] = false;
    return found;
  }

  const ROMol &molecule_;
  const RingInfo &rings_;
  std::vector<bool> on_path_;  // by atom
  unsigned int target_ = 0;
};

bool has_own_bond(const ROMol &molecule, const RDKit::INT_VECT &ring_bonds, Detours &detours) {
  const auto &info = *molecule.getRingInfo();
  return ring_bonds.size() <= kMaxProvedRing &&
         std::any_of(ring_bonds.begin(), ring_bonds.end(), [&](int bond) {
           return info.numBondRings(bond) == 1 &&
                  detours.count(*molecule.getBondWithIdx(bond), ring_bonds.size() - 1) == 1;
         });
}

}  // namespace

bool rings_are_fixed(const ROMol &molecule) {
  const auto &info = *molecule.getRingInfo();
  return form_no_circle(info, molecule.getNumBonds(), RingChoice(info.numRings(), true));
}

bool aromatic_rings_are_fixed(const ROMol &molecule) {
  const auto &info = *molecule.getRingInfo();
  std::vector<bool> may_be_aromatic(molecule.getNumAtoms());
  for (const auto *atom : molecule.atoms()) {
    may_be_aromatic[atom->getIdx()] = atom->getTotalDegree() <= kMaxAromaticDegree;
  }
  RingChoice chosen(info.numRings());
  std::ptrdiff_t rings = 0, needed = 0;
  for (unsigned int ring = 0; ring < info.numRings(); ++ring) {
    const auto &atoms = info.atomRings()[ring];
    chosen[ring] = std::all_of(atoms.begin(), atoms.end(), [&](int atom) { return may_be_aromatic[atom]; });
    rings += chosen[ring];
  }
  DisjointSets parts(molecule.getNumAtoms());
  for (const auto *bond : molecule.bonds()) {
    const auto begin = bond->getBeginAtomIdx(), end = bond->getEndAtomIdx();
    needed += may_be_aromatic[begin] && may_be_aromatic[end] && !parts.join(begin, end);
  }
  if (rings != needed || !form_no_circle(info, molecule.getNumBonds(), chosen)) {
    return false;
  }
  Detours detours(molecule);
  for (unsigned int ring = 0; ring < info.numRings(); ++ring) {
    if (chosen[ring] && !has_own_bond(molecule, info.bondRings()[ring], detours)) {
      return false;
    }
  }
  return true;
}

}  // namespace xform
