// What a template atom demands of the parent, and what it prescribes for the product.
#pragma once

#include <GraphMol/Atom.h>

#include <optional>
#include <string>

namespace xform {

// The value that the atom's SMARTS demands in a query of the given RDKit name, if it is one of the
// conditions that must all hold.
std::optional<int> demanded_value(const RDKit::Atom &atom, const std::string &name);

std::optional<int> demanded_charge(const RDKit::Atom &atom);

// The value that initReactantMatchers() set on a product atom, for example _QueryHCount; nothing if the
// template leaves it open.
std::optional<int> prescribed_value(const RDKit::Atom &atom, const std::string &property);

}  // namespace xform
