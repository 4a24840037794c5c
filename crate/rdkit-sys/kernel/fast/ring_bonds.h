// Which bonds are in rings.
//
// Mirrors: FindRings.cpp symmetrizeSSSR, as far as it shows which bonds are in rings.
#pragma once

#include <GraphMol/RWMol.h>

#include <vector>

namespace xform {

// The result of one search through the graph of a molecule.
struct Cycles {
  bool is_connected;
  std::vector<bool>
      has_bond;  // by bond: whether it is on a cycle, so that the molecule stays connected without it
};

// The recursion is as deep as the longest path of the search.
Cycles find_cycles(const RDKit::ROMol &molecule);

// Whether RDKit has found the rings of `molecule`, as sanitizing does.
bool knows_rings(const RDKit::ROMol &molecule);

// Finds them unless they are known.
void know_rings(RDKit::RWMol &molecule);

// By bond: whether it is in one of the known rings. In cages, not every bond on a cycle must be in one
// (ring_core.h).
std::vector<bool> bonds_in_known_rings(const RDKit::ROMol &molecule);

}  // namespace xform
