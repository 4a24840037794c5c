#include "plain/demands.h"

#include <GraphMol/QueryAtom.h>
#include <GraphMol/QueryOps.h>

namespace xform {
namespace {

std::optional<int> demanded_by(const RDKit::Atom::QUERYATOM_QUERY &query, const std::string &name) {
  if (query.getNegation()) {
    return std::nullopt;
  }
  if (query.getDescription() == name) {
    return static_cast<const RDKit::ATOM_EQUALS_QUERY &>(query).getVal();
  }
  if (query.getDescription() != "AtomAnd") {
    return std::nullopt;
  }
  for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
    if (const auto value = demanded_by(**child, name)) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> demanded_value(const RDKit::Atom &atom, const std::string &name) {
  return atom.hasQuery() ? demanded_by(*atom.getQuery(), name) : std::nullopt;
}

std::optional<int> demanded_charge(const RDKit::Atom &atom) {
  if (const auto negative = demanded_value(atom, "AtomNegativeFormalCharge")) {
    return -*negative;
  }
  return demanded_value(atom, "AtomFormalCharge");
}

std::optional<int> prescribed_value(const RDKit::Atom &atom, const std::string &property) {
  int value = 0;
  return atom.getPropIfPresent(property, value) ? std::optional<int>(value) : std::nullopt;
}

}  // namespace xform
