// Whether RDKit finds single and double bonds for the aromatic atoms of a plain graph.
//
// Mirrors: Kekulize.cpp KekulizeFragment, markDbondCands, kekulizeFused, kekulizeWorker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fast/plain_graph.h"

namespace xform {

// Gives each aromatic atom its hydrogens, and a double bond if it must have one.
//
// RDKit's markDbondCands decides from an atom's element, charge, hydrogens and neighbours alone whether it
// takes a double bond along an aromatic one; share_of has its rules for the atoms that are plain.
// kekulizeWorker then pairs these atoms up, system by system (atoms that are joined by aromatic bonds),
// each time with the first neighbour that is free. If an atom is left over, it returns to its last choice,
// at most 100 times. It therefore finds a pairing if there is one and there are few choices. There is a
// pairing if pair_up finds one. There are few choices because it reaches each atom except the first of a
// system from a neighbour, so that only atoms with three aromatic bonds leave a choice, between two; the
// first has at most three. Hence the bound of 3 x 2^(such atoms) for a system and of 100 for all. Other
// bonds between aromatic atoms of a ring would let it change systems before one is finished, and are not
// plain.
//
// It refuses a molecule with an aromatic atom or bond that is not in any of its rings. On a cycle of a
// cage such a bond is possible (ring_core.h); the graph is then not plain.
class KekuleProof {
 public:
  explicit KekuleProof(PlainGraph &graph) : graph_(graph) {}

  // False if it is not proved. Afterwards the graph's rings are marked.
  bool settle();

 private:
  // An atom's part in the aromatic system.
  enum class Share { kNotPlain, kPaired, kSingle };

  void settle_bonds();
  Share share_of(PlainGraph::Atom &atom, std::uint16_t index) const;
  bool settle_atoms();
  bool are_in_rings();
  bool pair_all();
  void collect_system(std::uint16_t first);
  bool pair_up();

  template <typename Visit>
  void each_aromatic_neighbor(std::uint16_t atom, Visit &&visit) const;

  PlainGraph &graph_;
  std::vector<bool> open_;             // by atom: whether it still needs its double bond
  std::vector<bool> seen_;             // by atom
  std::vector<std::uint16_t> system_;  // atoms of the current system
};

}  // namespace xform
