#include "review/demands.h"

#include <GraphMol/QueryOps.h>

#include <algorithm>
#include <utility>

#include "base/elements.h"
#include "base/query_logic.h"

namespace xform {
namespace {

using RDKit::Bond;

constexpr int kSilicon = 14;

int value_of(const AtomQuery &query) { return static_cast<const RDKit::ATOM_EQUALS_QUERY &>(query).getVal(); }

// Elements for which a query may hold, and those for which it must.
struct Verdict {
  Elements may;
  Elements must;
};

Verdict verdict_of_leaf(const AtomQuery &query) {
  const auto &name = query.getDescription();
  int element = 0;
  if (name == "AtomType") {
    bool aromatic = false;
    RDKit::parseAtomType(value_of(query), element, aromatic);
  } else if (name == "AtomAtomicNum") {
    element = value_of(query);
  } else {
    return {Elements().set(), name == "AtomNull" ? Elements().set() : Elements()};
  }
  Elements only;
  only.set(static_cast<std::size_t>(element));
  // An aromatic atom is not `C`, and an aliphatic one not `c`.
  return {only, name == "AtomType" ? Elements() : only};
}

Verdict verdict(const AtomQuery &query) {
  const auto &name = query.getDescription();
  Verdict result;
  if (name == "AtomAnd" || name == "AtomOr") {
    const bool all = name == "AtomAnd";
    result = all ? Verdict{Elements().set(), Elements().set()} : Verdict{};
    for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
      const auto part = verdict(**child);
      result.may = all ? result.may & part.may : result.may | part.may;
      result.must = all ? result.must & part.must : result.must | part.must;
    }
  } else {
    result = verdict_of_leaf(query);
  }
  return query.getNegation() ? Verdict{~result.must, ~result.may} : result;
}

void visit_queries(const AtomQuery &query, bool negated,
                   const std::function<void(const AtomQuery &, bool)> &visit) {
  const bool is_negated = negated != query.getNegation();
  if (query.beginChildren() == query.endChildren()) {
    visit(query, is_negated);
    return;
  }
  for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
    visit_queries(**child, is_negated, visit);
  }
}

std::optional<Bond::BondType> order_demanded_by(const Bond::QUERYBOND_QUERY &query) {
  const auto &name = query.getDescription();
  if (query.getNegation()) {
    return std::nullopt;
  }
  if (name == "BondOrder") {
    return static_cast<Bond::BondType>(static_cast<const RDKit::BOND_EQUALS_QUERY &>(query).getVal());
  }
  if (name == "SingleOrAromaticBond") {
    return Bond::SINGLE;
  }
  if (name != "BondAnd") {
    return std::nullopt;
  }
  std::optional<Bond::BondType> order;
  for (auto child = query.beginChildren(); child != query.endChildren() && !order; ++child) {
    order = order_demanded_by(**child);
  }
  return order;
}

}  // namespace

Elements possible_elements(const RDKit::Atom &atom) {
  return atom.hasQuery() ? verdict(*atom.getQuery()).may : Elements().set();
}

void for_each_query(const RDKit::Atom &atom, const std::function<void(const AtomQuery &, bool)> &visit) {
  if (atom.hasQuery()) {
    visit_queries(*atom.getQuery(), false, visit);
  }
}

bool names_value(const RDKit::Atom &atom, const std::vector<std::string> &names) {
  bool found = false;
  for_each_query(atom, [&](const AtomQuery &query, bool negated) {
    const bool is_one = std::find(names.begin(), names.end(), query.getDescription()) != names.end();
    found = found || (is_one && !negated && value_of(query) != 0);
  });
  return found;
}

std::vector<const RDKit::ROMol *> recursive_patterns(const RDKit::Atom &atom) {
  std::vector<const RDKit::ROMol *> patterns;
  for_each_query(atom, [&](const AtomQuery &query, bool) {
    if (query.getDescription() != "RecursiveStructure") {
      return;
    }
    const auto *pattern = static_cast<const RDKit::RecursiveStructureQuery &>(query).getQueryMol();
    patterns.push_back(pattern);
    for (const auto *inner : pattern->atoms()) {
      const auto deeper = recursive_patterns(*inner);
      patterns.insert(patterns.end(), deeper.begin(), deeper.end());
    }
  });
  return patterns;
}

std::optional<Bond::BondType> demanded_order(const Bond &bond) {
  return bond.hasQuery() ? order_demanded_by(*bond.getQuery()) : bond.getBondType();
}

std::optional<double> order_sum(const RDKit::Atom &atom) {
  double sum = 0;
  for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
    if (!demanded_order(*bond)) {
      return std::nullopt;
    }
    sum += bond->getBondTypeAsDouble();
  }
  return sum;
}

bool is_centre_element(int element) { return element == kCarbon || element == kSilicon; }

bool may_have_single_bonds_only(const RDKit::Atom &atom) {
  bool may = true;
  for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
    may = may && demanded_order(*bond).value_or(Bond::SINGLE) == Bond::SINGLE;
  }
  return may;
}

bool may_be_centre(const RDKit::Atom &atom, int hydrogens) {
  if (!may_have_single_bonds_only(atom)) {
    return false;
  }
  bool may_be = false;
  for (const int element : {kCarbon, kSilicon}) {
    for (const bool in_ring : {false, true}) {
      may_be = may_be || may_match(atom, {element, 0, 4 - hydrogens, hydrogens, in_ring, false});
    }
  }
  return may_be;
}

}  // namespace xform
