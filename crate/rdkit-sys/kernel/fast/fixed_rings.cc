#include "fast/fixed_rings.h"

#include <GraphMol/RingInfo.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "fast/disjoint_sets.h"
#include "fast/ring_core.h"

namespace xform {
namespace {

constexpr unsigned int kMaxAromaticDegree = 3;

using Bonds = std::vector<RingCore::Bond>;

unsigned int count_independent_cycles(std::size_t atoms, const Bonds &bonds) {
  DisjointSets parts(atoms);
  return static_cast<unsigned int>(std::count_if(
      bonds.begin(), bonds.end(), [&](const auto &bond) { return !parts.join(bond.begin, bond.end); }));
}

bool form_no_circle(const RDKit::RingInfo &rings, std::size_t bonds) {
  DisjointSets systems(rings.numRings());
  std::vector<bool> has_own_bond(rings.numRings(), false);
  for (unsigned int bond = 0; bond < bonds; ++bond) {
    const auto &of_bond = rings.bondMembers(bond);
    if (of_bond.size() == 1) {
      has_own_bond[of_bond[0]] = true;
    } else if (of_bond.size() > 2 || (of_bond.size() == 2 && !systems.join(of_bond[0], of_bond[1]))) {
      return false;
    }
  }
  return std::find(has_own_bond.begin(), has_own_bond.end(), false) == has_own_bond.end();
}

// Whether `ring` is the only shortest one through an atom that has two bonds in the core and is in no
// other ring.
bool is_sure(const RDKit::RingInfo &rings, RingCore &core, const RDKit::INT_VECT &ring) {
  return std::any_of(ring.begin(), ring.end(), [&](int atom) {
    return core.degree(atom) == 2 && rings.numAtomRings(atom) == 1 &&
           core.only_shortest_ring(atom).size() == ring.size();
  });
}

Bonds bonds_of(const RDKit::ROMol &molecule) {
  Bonds bonds;
  bonds.reserve(molecule.getNumBonds());
  for (const auto *bond : molecule.bonds()) {
    bonds.push_back({bond->getBeginAtomIdx(), bond->getEndAtomIdx()});
  }
  return bonds;
}

bool aromatic_rings_are_sure(const RDKit::ROMol &molecule, const Bonds &bonds, RingCore &core) {
  std::vector<bool> may_be_aromatic(molecule.getNumAtoms());
  for (const auto *atom : molecule.atoms()) {
    may_be_aromatic[atom->getIdx()] = atom->getTotalDegree() <= kMaxAromaticDegree;
  }
  Bonds between;
  std::copy_if(bonds.begin(), bonds.end(), std::back_inserter(between),
               [&](const auto &bond) { return may_be_aromatic[bond.begin] && may_be_aromatic[bond.end]; });
  auto left = count_independent_cycles(molecule.getNumAtoms(), between);
  const auto &rings = *molecule.getRingInfo();
  for (const auto &ring : rings.atomRings()) {
    if (std::all_of(ring.begin(), ring.end(), [&](int atom) { return may_be_aromatic[atom]; })) {
      if (left-- == 0 || !is_sure(rings, core, ring)) {
        return false;
      }
    }
  }
  return left == 0;
}

}  // namespace

bool rings_are_fixed(const RDKit::ROMol &molecule) {
  const auto bonds = bonds_of(molecule);
  const auto &rings = *molecule.getRingInfo();
  if (rings.numRings() != count_independent_cycles(molecule.getNumAtoms(), bonds)) {
    return false;
  }
  if (form_no_circle(rings, bonds.size())) {
    return true;
  }
  RingCore core(molecule.getNumAtoms(), bonds);
  const auto &atom_rings = rings.atomRings();
  return std::all_of(atom_rings.begin(), atom_rings.end(),
                     [&](const RDKit::INT_VECT &ring) { return is_sure(rings, core, ring); });
}

bool are_fixed_where_they_matter(const RDKit::ROMol &molecule, const std::vector<bool> &on_cycle) {
  const auto bonds = bonds_of(molecule);
  Bonds of_cycles;
  for (std::size_t bond = 0; bond < bonds.size(); ++bond) {
    if (on_cycle[bond]) {
      of_cycles.push_back(bonds[bond]);
    }
  }
  RingCore core(molecule.getNumAtoms(), bonds);
  return core.surely_covers(std::move(of_cycles)) && aromatic_rings_are_sure(molecule, bonds, core);
}

}  // namespace xform
