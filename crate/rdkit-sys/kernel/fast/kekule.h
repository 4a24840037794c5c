// Whether RDKit finds single and double bonds for the aromatic atoms of a plain graph.
//
// Mirrors: Kekulize.cpp KekulizeFragment, markDbondCands, kekulizeFused, kekulizeWorker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fast/plain_graph.h"

namespace xform {

// Gives each aromatic atom its hydrogens, and its double bond where it must have one.
//
// RDKit's markDbondCands tells from an atom's element, charge, hydrogens and neighbours alone whether it
// takes a double bond along an aromatic one; share_of has its rules for the atoms that are plain.
// kekulizeWorker then pairs these atoms up, system by system (atoms that are joined by aromatic bonds), each
// time with the first neighbour that is free, and goes back to its last choice where an atom is left over,
// 100 times at most. So it finds a pairing if there is one and the choices are few. There is one if pair_up
// finds one. The choices are few: it comes to each atom but the first of a system from a neighbour, so that
// only atoms with three aromatic bonds leave one, of two; the first has three at most. Hence the bound of 3 x
// 2^(such atoms) for a system and of 100 for all. Other bonds between aromatic atoms of a ring would let it
// change systems before one is done, and are not plain.
//
// It refuses a molecule with an aromatic atom or bond that is in none of its rings. On a cycle of a cage such
// a bond is possible (ring_core.h); where it is, the graph is not plain.
class KekuleProof {
 public:
  explicit KekuleProof(PlainGraph &graph) : graph_(graph) {}

  // False if it is not proved. The graph's rings are marked.
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
  std::vector<std::uint16_t> system_;  // atoms of the one in question
};

}  // namespace xform
