// Whether RDKit finds the same rings whatever the order of the atoms.
//
// Mirrors: FindRings.cpp symmetrizeSSSR, findSSSR, removeExtraRings; Aromaticity.cpp setAromaticity.
#pragma once

#include <GraphMol/ROMol.h>

#include <vector>

namespace xform {

// Examines the rings that RDKit has found in `molecule`, whose bonds are all plain (elements.h). False if
// it is not proved. If true, RDKit also finds these rings in every molecule that has them and no other
// cycles, whatever else the molecule consists of.
//
// It is proved if there are as many rings as independent cycles and one of these holds:
// - Each ring is the only shortest one through an atom that has two bonds in the core and is in no other
//   ring. Then no ring is a sum of others, each cycle is a sum of rings, and each bond on a cycle is in a
//   ring.
// - No bond is in three rings, each ring has a bond that no other ring has, and the rings, joined if they
//   share a bond, form no circle. What is left of the search at any time consists of complete rings,
//   joined in that way, and of bonds that are not on a cycle. An outermost ring has an atom of two bonds,
//   and is the only shortest one through it. RDKit then finds all of the rings (ring_core.h), which is
//   enough for it not to fall back on its approximate search. Any other ring that it finds is a sum of
//   some of them, is longer than each of these and adds no other bond. It is therefore dropped. It is not
//   added for symmetry either: for that it would need all bonds that, among the rings of its length, only
//   one ring has.
bool rings_are_fixed(const RDKit::ROMol &molecule);

// Whether the same can be proved for everything that sanitizing and an unmarked text take from the rings,
// whatever RDKit chooses among the others. `on_cycle`: by bond.
// - Which bonds are in rings: RDKit's rings are sure to have each bond on a cycle (ring_core.h).
// - Which rings may be aromatic: RDKit's models accept no atom with four neighbours, including hydrogens.
//   The rings without such an atom are as many as independent cycles of such atoms, and each is sure as
//   above. Any other ring of such atoms is therefore a sum of them, longer than each, and adds no other
//   bond. If there are any, it is assumed that RDKit finds as many rings as there are independent cycles
//   in all, and does not fall back on its approximate search.
bool are_fixed_where_they_matter(const RDKit::ROMol &molecule, const std::vector<bool> &on_cycle);

}  // namespace xform
