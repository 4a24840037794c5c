// Which transforms may have a site in a row, told from its text.
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
// plain row that no transform can match needs no molecule; in the others only the transforms that may match
// are tried.
//
// A template atom is a bit. Every kind of atom has a word of the bits that it may match (query_logic.h). An
// atom of the graph loses a bit while one of the template bonds of that bit leads to no neighbour with the
// right bit over a bond that may match; a template whose bits are not all left has no site. That is weaker
// than matching and so never loses a site. Components, cycles and distinctness are not looked at.
class Prefilter {
 public:
  // The next transform's template. Templates that are equal share their bits. One for which no bits are left
  // of the 64 is always possible.
  void add(const RDKit::ROMol &reactant);

  // Looks at a row. After it, `may_match` answers for each transform. True if it has ruled one out.
  bool look_at(std::string_view smiles);

  bool may_match(std::size_t transform) const { return templates_[of_transform_[transform]].is_possible; }

  // False if the row is known to be good and without a site.
  bool needs_molecule() const;

  // What is checked for a transform, in words.
  std::string describe(std::size_t transform) const;

 private:
  using Bits = std::uint64_t;
  using BondKinds = std::uint16_t;  // a bit for each kind of bond

  struct Template {
    std::string smarts;
    Bits atoms = 0;  // none: not checked
    bool is_possible = true;
  };

  // A template bond as one of its atoms sees it.
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
  std::vector<Bits> bits_;  // by atom of it: what is left
};

}  // namespace xform
