// The orders that a bond of a template can have in a molecule.
#pragma once

#include <GraphMol/Bond.h>

#include <optional>

namespace xform {

constexpr int kMostOrder = 3;

// In a Kekule form.
struct Orders {
  int least;
  int most;

  bool operator==(const Orders &other) const { return least == other.least && most == other.most; }
};

// What a bond of a reactant template matches, and what a bond of a product template becomes.
Orders orders_matched(const RDKit::Bond &bond);
Orders orders_made(const RDKit::Bond &bond);

// The order of a bond that a reactant template matches and that is not aromatic; none if several are
// possible.
std::optional<int> order_unless_aromatic(const RDKit::Bond &bond);

// Whether the bond of a reactant template can match a bond in a ring.
bool can_match_in_ring(const RDKit::Bond &bond);

// Whether it can match an aromatic bond; false if one of its atoms is aliphatic.
bool can_match_aromatic(const RDKit::Bond &bond);

}  // namespace xform
