// Which rings are the same in whatever order RDKit takes the atoms.
#pragma once

#include <GraphMol/ROMol.h>

namespace xform {

// Both look at the rings that RDKit has found in `molecule`, the shortest ones (SSSR) and those that it adds
// for symmetry; false where it is not proved.

// Whether no ring is a sum of others of at most its length, so that there is no other choice. That holds if
// no bond is in three rings and the rings, joined where they share a bond, form no circle.
bool rings_are_fixed(const RDKit::ROMol &molecule);

// Whether that can be said of the rings that may be aromatic, whatever is chosen among the others. RDKit's
// models take no atom of four neighbours, hydrogens counted, into an aromatic ring. The rings without such an
// atom are fixed if
// - joined as above they form no circle, and all rings of the graph of such atoms are sums of them, so that
//   any other ring in it is longer than those it is a sum of; and
// - each has a bond through which no other ring of at most its length goes: the shortest rings always include
//   one of the shortest through each bond.
bool aromatic_rings_are_fixed(const RDKit::ROMol &molecule);

}  // namespace xform
