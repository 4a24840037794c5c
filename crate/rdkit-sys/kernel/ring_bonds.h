// As much of a molecule's rings as can be told without choosing among them.
#pragma once

#include <GraphMol/RWMol.h>

#include <vector>

namespace xform {

// What one search through a molecule tells of its graph.
struct RingBonds {
  bool is_connected;
  std::vector<bool> in_ring;  // by bond: whether it is in a ring
};

// `molecule` has at least one atom. Its RingInfo is not needed: a bond is in a ring if it is no bridge,
// whichever rings RDKit chooses. Recursion is as deep as the longest path of the search.
RingBonds find_ring_bonds(const RDKit::ROMol &molecule);

// Gives a molecule without known rings those that sanitizing finds in it.
void know_rings(RDKit::RWMol &molecule);

}  // namespace xform
