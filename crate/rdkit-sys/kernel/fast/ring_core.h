// The part of a graph in which RDKit's search for rings starts.
//
// Mirrors: FindRings.cpp findSSSR, trimBonds, findRingsD2nodes, findRingsD3Node.
#pragma once

#include <cstddef>
#include <vector>

namespace xform {

// The core of a graph is what remains when atoms with one bond are removed again and again: its rings and
// the parts that join them.
//
// RDKit's search (findSSSR) can fail in cages: it then returns sums of rings instead of rings, and a bond
// on a cycle may not be in any of them. Which bond depends on the order of the atoms. But in any order, it
// starts with the chains of the core's atoms with two bonds and finds a shortest ring through each chain
// that is on a cycle. Later it drops a ring only if rings of at most its length cover its bonds. Its
// result therefore always has the ring that is the only shortest one through an atom with two bonds,
// unless it falls back on rings of any kind that cover all cycles. In both cases its rings have the bonds
// of such a ring, and those of the chains on a cycle. It then removes all chains and starts over with the
// core of what is left.
class RingCore {
 public:
  struct Bond {
    unsigned int begin, end;
  };

  RingCore(std::size_t atoms, const std::vector<Bond> &bonds);

  // The number of bonds of `atom` in the core.
  unsigned int degree(unsigned int atom) const { return degree_[atom]; }

  // The atoms along the only shortest ring through `atom`, which has two bonds in the core. Empty if no
  // ring, or several shortest ones, pass through it. The next call overwrites them.
  const std::vector<unsigned int> &only_shortest_ring(unsigned int atom);

  // Whether RDKit's rings are sure to have all of `bonds`, each of which is on a cycle.
  bool surely_covers(std::vector<Bond> bonds) const;

 private:
  void peel();
  // Removes atoms with at most two bonds, and then those that have one bond left.
  void take_away(std::vector<unsigned int> atoms);
  // Adds the atoms one step further from `atom` to the queue.
  void spread(unsigned int atom);

  std::vector<unsigned int> first_;       // by atom: where its neighbours begin
  std::vector<unsigned int> neighbours_;  // atom by atom
  std::vector<unsigned int> degree_;      // by atom; 0 outside the core

  // Results of the latest search, by atom: its distance from the start, the atom before it on a shortest
  // path, and whether there are several such paths.
  std::vector<unsigned int> distance_;
  std::vector<unsigned int> before_;
  std::vector<bool> is_ambiguous_;
  unsigned int target_ = 0;
  std::vector<unsigned int> queue_;
  std::vector<unsigned int> ring_;
};

}  // namespace xform
