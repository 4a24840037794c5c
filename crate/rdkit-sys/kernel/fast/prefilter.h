// Which transforms may have a site in a row, judged by its text.
//
// Mirrors: Substruct/SubstructMatch.cpp SubstructMatch.
#pragma once

#include <GraphMol/ROMol.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fast/plain_graph.h"
#include "fast/query_logic.h"

namespace xform {

// Necessary conditions of all reactant templates, checked in one pass on a plain graph, without RDKit. A
// plain row that no transform can match needs no molecule; for the other rows, only the transforms that
// may match are tried.
//
// A template atom is a bit. Every kind of atom has a word of the bits that it may match (query_logic.h).
// An atom of the graph loses a bit if one of the template bonds of that bit leads to no neighbour with the
// right bit over a bond that may match. A template that has lost one of its bits everywhere has no site.
// This is weaker than matching and therefore never loses a site. Components, cycles and distinctness are
// not checked.
class Prefilter {
 public:
  // Adds the next transform's template. Equal templates share their bits. If not enough of the 64 bits are
  // left for a template, it always counts as possible.
  void add(const RDKit::ROMol &reactant);

  // Adds a transform whose parents get their hydrogens as atoms, which no plain graph has. It always counts
  // as possible.
  void add_unchecked();

  // Examines a row; afterwards `may_match` answers for each transform. True if it has ruled one out.
  bool look_at(std::string_view smiles);

  bool may_match(std::size_t transform) const { return templates_[of_transform_[transform]].is_possible; }

  // False if it is certain that the row is good and has no site.
  bool needs_molecule() const;

  // What is checked for a transform, in words.
  std::string describe(std::size_t transform) const;

 private:
  using Bits = std::uint64_t;
  using BondKinds = std::uint16_t;  // one bit per kind of bond

  struct Template {
    std::string smarts;
    Bits atoms = 0;  // none: not checked
    bool is_possible = true;
  };

  // A template bond as seen from one of its atoms.
  struct Requirement {
    Bits neighbor;
    BondKinds bonds;
  };

  // Kinds are numbered by element, charge, degree, hydrogens, ring and aromaticity.
  static constexpr std::size_t kElements = 10, kCharges = 3, kDegrees = PlainGraph::kMaxDegree + 1;
  static constexpr std::size_t kHydrogens = 5;
  static constexpr std::size_t kAtomKinds = kElements * kCharges * kDegrees * kHydrogens * 4;
  static constexpr std::size_t kBits = 64;

  static std::size_t number_of(const PlainGraph::Atom &atom);
  static BondKinds bit_of(std::uint8_t order, bool in_ring, bool may_be_aromatic);
  static BondKinds bits_of(const PlainGraph::Bond &bond);

  Template compile(const RDKit::ROMol &reactant, std::string smarts);
  void add_atom(const RDKit::Atom &atom, std::size_t bit);
  void add_bond(const RDKit::Bond &bond, std::size_t first_bit);
  void match_atoms();
  bool prune();
  Bits supported(std::uint16_t atom) const;
  bool conclude();

  std::vector<Template> templates_;        // distinct ones
  std::vector<std::size_t> of_transform_;  // by transform: its template
  std::size_t bits_used_ = 0;
  std::array<Bits, kAtomKinds> by_kind_{};
  std::array<std::vector<Requirement>, kBits> requirements_;  // by bit

  bool is_plain_ = false;   // the last row
  PlainGraph graph_;        // of the last row
  std::vector<Bits> bits_;  // by atom of it: the bits left
};

}  // namespace xform
