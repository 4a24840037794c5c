// The contributions of Wildman and Crippen, J. Chem. Inf. Comput. Sci. 39 (1999) 868-873, to logP and molar
// refractivity, summed over the atoms of a molecule and its hydrogens.
//
// Mirrors: Descriptors/Crippen.cpp calcCrippenDescriptors. RDKit adds the hydrogens as atoms and searches the
// molecule for each of 110 patterns in turn; an atom has the type of the first pattern whose first atom it
// matches. Here each atom is asked for the patterns that its kind allows, and hydrogens stay numbers.
#pragma once

#include <GraphMol/ROMol.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace xform {

struct CrippenSums {
  double log_p;
  double refractivity;
};

// RDKit's patterns. One per thread. Memory: about 110 small patterns, and a short list for each kind of atom
// that it has met.
class Crippen {
 public:
  // Throws std::logic_error if a pattern asks for something that is not understood here.
  Crippen();

  // Equal to calcCrippenDescriptors, bit for bit, if RDKit has not added its hydrogens to the molecule.
  CrippenSums of(const RDKit::ROMol &molecule);

 private:
  // An atom of a pattern, with the bond to an earlier one.
  struct Node {
    const RDKit::Atom *atom;
    const RDKit::Bond *bond;  // null: the first
    std::size_t parent;       // position of that earlier one
    std::size_t children;
    bool takes_hydrogen;  // whether a hydrogen that is not an atom of the molecule matches, with its bond
  };

  // A pattern, which is a tree.
  struct Pattern {
    std::size_t index;
    std::vector<Node> nodes;
    CrippenSums contribution;
  };

  // A pattern whose first atom may match atoms of a kind, and in how many ways their neighbours can be
  // chosen.
  struct Candidate {
    const Pattern *pattern;
    std::uint64_t choices;
  };

  // What the patterns ask of an atom without looking at its neighbours.
  struct Kind {
    int element, charge, neighbours, hydrogens, degree;
    bool is_aromatic;

    std::uint64_t key() const;
  };

  class Search;

  void add(const RDKit::ROMol &pattern, CrippenSums contribution);
  const std::vector<Candidate> &candidates_for(const RDKit::Atom &atom);
  bool counts_all_matches(const RDKit::ROMol &molecule,
                          const std::vector<const std::vector<Candidate> *> &candidates) const;

  std::unique_ptr<const RDKit::ROMol> water_;  // its hydrogens are atoms, and stand for all others
  std::vector<Pattern> patterns_;
  std::vector<const Pattern *> of_hydrogens_;  // those whose first atom is a hydrogen
  std::unordered_map<std::uint64_t, std::vector<Candidate>> candidates_;  // by kind
};

}  // namespace xform
