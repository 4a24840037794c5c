#include "review/bond_orders.h"

#include <GraphMol/QueryOps.h>
#include <GraphMol/ROMol.h>

#include <algorithm>
#include <string>

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using Query = Bond::QUERYBOND_QUERY;

// What is known of a bond.
struct Kind {
  int order;  // a Bond::BondType
  bool in_ring;
};

int value_of(const Query &query) { return static_cast<const RDKit::BOND_EQUALS_QUERY &>(query).getVal(); }

bool may_match(const Query &query, const Kind &kind);

bool may_match_unnegated(const Query &query, const Kind &kind) {
  const auto &name = query.getDescription();
  const auto matches = [&](const auto &child) { return may_match(*child, kind); };
  if (name == "BondAnd") return std::all_of(query.beginChildren(), query.endChildren(), matches);
  if (name == "BondOr") return std::any_of(query.beginChildren(), query.endChildren(), matches);
  if (name == "BondOrder") return value_of(query) == kind.order;
  if (name == "SingleOrAromaticBond") return kind.order == Bond::SINGLE || kind.order == Bond::AROMATIC;
  if (name == "BondInRing") return kind.in_ring;
  return true;
}

// True if it is not known. Negation is exact for orders and rings, and cannot be seen through for the rest.
bool may_match(const Query &query, const Kind &kind) {
  if (!query.getNegation()) {
    return may_match_unnegated(query, kind);
  }
  const auto &name = query.getDescription();
  const bool is_exact = name == "BondOrder" || name == "SingleOrAromaticBond" || name == "BondInRing";
  return !is_exact || !may_match_unnegated(query, kind);
}

bool may_match(const Bond &bond, const Kind &kind) {
  return !bond.hasQuery() || may_match(*bond.getQuery(), kind);
}

bool may_match_order(const Bond &bond, int order) {
  return may_match(bond, {order, true}) || may_match(bond, {order, false});
}

constexpr Bond::BondType kOrders[] = {Bond::SINGLE, Bond::DOUBLE, Bond::TRIPLE, Bond::AROMATIC};

Orders in_kekule_form(int order) {
  switch (order) {
    case Bond::SINGLE:
    case Bond::DOUBLE:
    case Bond::TRIPLE:
      return {order, order};
    case Bond::AROMATIC:
      return {1, 2};
    default:
      return {1, kMostOrder};
  }
}

// Whether the new bonds of a product atom may be aromatic.
bool may_become_aromatic(const Atom &atom) { return atom.getIsAromatic() || !atom.getAtomicNum(); }

using AtomQuery = Atom::QUERYATOM_QUERY;

// `C`, but not `#6`, which is also aromatic carbon.
bool is_aliphatic(const AtomQuery &query) {
  const auto &name = query.getDescription();
  const auto child_is = [](const auto &child) { return is_aliphatic(*child); };
  if (query.getNegation()) return false;
  if (name == "AtomIsAliphatic") return true;
  if (name == "AtomAnd") return std::any_of(query.beginChildren(), query.endChildren(), child_is);
  if (name == "AtomOr") return std::all_of(query.beginChildren(), query.endChildren(), child_is);
  if (name != "AtomType") return false;
  int element = 0;
  bool aromatic = false;
  RDKit::parseAtomType(static_cast<const RDKit::ATOM_EQUALS_QUERY &>(query).getVal(), element, aromatic);
  return !aromatic;
}

bool is_aliphatic(const Atom &atom) { return atom.hasQuery() && is_aliphatic(*atom.getQuery()); }

}  // namespace

Orders orders_matched(const Bond &bond) {
  Orders orders{kMostOrder, 1};
  for (const auto order : kOrders) {
    if (order == Bond::AROMATIC ? can_match_aromatic(bond) : may_match_order(bond, order)) {
      const auto more = in_kekule_form(order);
      orders = {std::min(orders.least, more.least), std::max(orders.most, more.most)};
    }
  }
  return orders.most < orders.least ? Orders{1, kMostOrder} : orders;
}

Orders orders_made(const Bond &bond) {
  const bool is_unsigned = bond.hasQuery() && bond.getQuery()->getDescription() == "SingleOrAromaticBond";
  if (is_unsigned && may_become_aromatic(*bond.getBeginAtom()) && may_become_aromatic(*bond.getEndAtom())) {
    return {1, 2};
  }
  return in_kekule_form(bond.getBondType());
}

std::optional<int> order_unless_aromatic(const Bond &bond) {
  std::optional<int> found;
  for (const int order : {Bond::SINGLE, Bond::DOUBLE, Bond::TRIPLE}) {
    if (may_match_order(bond, order)) {
      if (found) {
        return std::nullopt;
      }
      found = order;
    }
  }
  return found;
}

bool can_match_in_ring(const Bond &bond) {
  return std::any_of(std::begin(kOrders), std::end(kOrders), [&](int order) {
    return may_match(bond, {order, true});
  });
}

bool can_match_aromatic(const Bond &bond) {
  return !is_aliphatic(*bond.getBeginAtom()) && !is_aliphatic(*bond.getEndAtom()) &&
         may_match(bond, {Bond::AROMATIC, true});
}

}  // namespace xform
