// Templates in a word of bits, sought in a plain graph together.
#pragma once

#include <GraphMol/ROMol.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fast/atom_queries.h"
#include "fast/plain_graph.h"

namespace xform {

// A template atom is a bit. Every kind of atom has a word of the bits that it may match. An atom of the graph
// loses a bit if one of the template bonds of that bit leads to no neighbour with the right bit over a bond
// that may match. A template that has lost one of its bits everywhere has no site. This is weaker than
// matching and therefore never loses a site. Components, cycles and distinctness are not checked.
class TemplateBlock {
 public:
  using Bits = std::uint64_t;
  static constexpr std::size_t kBits = 64;

  // A template bond as seen from one of its atoms.
  struct Requirement {
    Bits neighbor;
    BondKinds bonds;
  };

  std::size_t room() const { return kBits - queries_.size(); }

  // Adds the first `room()` atoms of a template, and the bonds between them. Returns their bits.
  Bits add(const RDKit::ROMol &reactant, AtomQueries &queries);

  // By bit: its query, and what its template bonds require.
  const std::vector<std::uint32_t> &queries() const { return queries_; }
  const std::vector<Requirement> &requirements(std::size_t bit) const { return requirements_[bit]; }

  // Those of the bits `sought`, which are of whole templates, that an atom of the graph keeps. `left` is
  // scratch.
  Bits seek(Bits sought, const PlainGraph &graph, const AtomQueries &answers, std::vector<Bits> &left);

 private:
  void add_bond(const RDKit::Bond &bond, std::size_t first_bit);
  void learn_kinds(const AtomQueries &answers);
  bool prune(const PlainGraph &graph, std::vector<Bits> &left) const;
  Bits supported(std::uint16_t atom, const PlainGraph &graph, const std::vector<Bits> &left) const;

  std::vector<std::uint32_t> queries_;                        // by bit
  std::array<std::vector<Requirement>, kBits> requirements_;  // by bit
  std::vector<Bits> by_kind_;                                 // those seen so far
};

}  // namespace xform
