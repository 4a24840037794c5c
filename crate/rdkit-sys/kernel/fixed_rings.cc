#include "fixed_rings.h"

#include <GraphMol/RingInfo.h>

#include <algorithm>
#include <vector>

#include "disjoint_sets.h"
#include "ring_core.h"

namespace xform {
namespace {

unsigned int count_independent_cycles(std::size_t atoms, const std::vector<RingCore::Bond> &bonds) {
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

bool are_only_shortest(const RDKit::RingInfo &rings, RingCore core) {
  const auto &atom_rings = rings.atomRings();
  return std::all_of(atom_rings.begin(), atom_rings.end(), [&](const RDKit::INT_VECT &ring) {
    return std::any_of(ring.begin(), ring.end(), [&](int atom) {
      return core.degree(atom) == 2 && rings.numAtomRings(atom) == 1 &&
             core.only_shortest_ring(atom).size() == ring.size();
    });
  });
}

}  // namespace

bool rings_are_fixed(const RDKit::ROMol &molecule) {
  std::vector<RingCore::Bond> bonds;
  bonds.reserve(molecule.getNumBonds());
  for (const auto *bond : molecule.bonds()) {
    bonds.push_back({bond->getBeginAtomIdx(), bond->getEndAtomIdx()});
  }
  const auto &rings = *molecule.getRingInfo();
  if (rings.numRings() != count_independent_cycles(molecule.getNumAtoms(), bonds)) {
    return false;
  }
  return form_no_circle(rings, bonds.size()) ||
         are_only_shortest(rings, RingCore(molecule.getNumAtoms(), bonds));
}

}  // namespace xform
