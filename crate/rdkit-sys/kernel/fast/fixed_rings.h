// Whether RDKit finds the same rings whatever the order of the atoms.
//
// Mirrors: FindRings.cpp symmetrizeSSSR, findSSSR, removeExtraRings; Aromaticity.cpp setAromaticity.
#pragma once

#include <GraphMol/ROMol.h>

#include <vector>

namespace xform {

// Looks at the rings that RDKit has found in `molecule`, whose bonds are all plain (elements.h). False if it
// is not proved. If true, RDKit also finds these rings in every molecule that has them and no other cycles,
// whatever else it is made of.
//
// It is proved if there are as many rings as independent cycles and one of these holds:
// - Each ring is the only shortest one through an atom of two bonds in the core that is in no other ring. So
//   no ring is a sum of others, each cycle is a sum of rings, and each bond on a cycle is in a ring.
// - No bond is in three rings, each ring has a bond of its own, and the rings, joined if they share a bond,
//   form no circle. What the search has left at any time is made of whole rings, joined in that way, and of
//   bonds on no cycle. An outermost ring has an atom of two bonds, and is the only shortest one through it.
// RDKit then finds all of the rings (ring_core.h), enough for it not to fall back on its approximate search.
// Whatever it finds besides is a sum of some, is longer than each of these and brings no other bond. So it is
// dropped, and is not added to them for symmetry either: it would have to have all bonds of a ring of its
// length that no other has.
bool rings_are_fixed(const RDKit::ROMol &molecule);

// Whether that can be said of what sanitizing and an unmarked text take from the rings, whatever RDKit
// chooses among the others. `on_cycle`: by bond.
// - Which bonds are in rings: RDKit's rings are sure to have each bond on a cycle (ring_core.h).
// - Which rings may be aromatic: RDKit's models take no atom of four neighbours, hydrogens counted, into one.
//   The rings without such an atom are as many as independent cycles of such atoms, and each is sure as
//   above. So any other ring of such atoms is a sum of them, longer than each, and brings no other bond. If
//   there are any, it is taken for granted that RDKit finds as many rings as there are independent cycles in
//   all, and does not fall back on its approximate search.
bool are_fixed_where_they_matter(const RDKit::ROMol &molecule, const std::vector<bool> &on_cycle);

}  // namespace xform
