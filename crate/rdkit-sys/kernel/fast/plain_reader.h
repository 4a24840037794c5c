// The grammar of plain SMILES.
//
// Mirrors: SmilesParse/smiles.yy, smiles.ll; SmilesParse/SmilesParseOps.cpp CloseMolRings,
// SetUnspecifiedBondTypes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "fast/plain_graph.h"

namespace xform {

// Reads atoms, bonds along the text and closures into a graph. In addition to atoms without brackets there
// are
//
//   [C], [CH] with any number of hydrogens, [C@] and [C@@] with up to one
//   [N], [N+], [N-], [O], [O-], [S], [S-] with any number of hydrogens
//   [cH], [nH], [n+], [nH+], [n-]
//
// and in addition to the bonds -, = and # the directions / and \, which are single bonds.
class PlainReader {
 public:
  PlainReader(PlainGraph &graph, std::string_view text);

  // False if the text does not follow this grammar.
  bool read();

 private:
  enum class Last { kNothing, kAtom, kBond, kOpen, kClose };

  struct OpenRing {
    int atom;
    std::uint8_t order;  // 0: not said
  };

  static constexpr int kNone = -1;

  bool read_token();
  bool read_bracket();
  bool skip(char letter);
  bool add_atom(std::uint8_t element) { return add_atom(PlainGraph::Atom{element}); }
  bool add_aromatic(std::uint8_t element) { return add_atom(PlainGraph::Atom{element, 0, true}); }
  bool add_atom(const PlainGraph::Atom &atom);
  bool set_order(std::uint8_t order);
  bool set_direction();
  bool open_branch();
  bool close_branch();
  bool read_ring_number();
  bool toggle_ring(int number);
  bool close_ring(const OpenRing &opened, std::uint8_t order);
  bool are_bonded(std::uint16_t begin, std::uint16_t end) const;
  std::uint8_t order_between(std::uint16_t begin, std::uint16_t end, std::uint8_t said) const;
  bool is_complete() const;

  PlainGraph &graph_;
  const std::string_view text_;
  std::size_t at_ = 0;
  Last last_ = Last::kNothing;  // a ring number counts as its atom
  bool may_ring_ = false;
  int previous_ = kNone;        // the atom that the next one is bonded to
  std::uint8_t order_ = 0;      // of the next bond; 0: not said
  bool has_direction_ = false;  // the next bond
  int open_rings_ = 0;
  std::array<OpenRing, 100> open_;
};

}  // namespace xform
