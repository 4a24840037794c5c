#include <RDGeneral/types.h>

#include <set>
#include <string>

#include "plain/demands.h"
#include "review/checks.h"
#include "review/demands.h"

namespace xform {
namespace {

namespace properties = RDKit::common_properties;

bool is_any_atom(const RDKit::Atom &atom) { return !atom.hasQuery() || possible_elements(atom).all(); }

// Queries that tell RDKit something about the product; it reads no others in a product template.
bool is_read(const std::string &name) {
  static const std::set<std::string> kRead{
      "AtomNull",        "AtomType",   "AtomAtomicNum",    "AtomIsAromatic",
      "AtomIsAliphatic", "AtomHCount", "AtomFormalCharge", "AtomNegativeFormalCharge",
      "AtomIsotope",     "AtomMass"};
  return kRead.count(name) > 0;
}

bool has_ignored_query(const RDKit::Atom &atom) {
  bool found = false;
  for_each_query(atom,
                 [&](const AtomQuery &query, bool) { found = found || !is_read(query.getDescription()); });
  return found;
}

// `*` is a dummy atom that is meant.
bool is_star(const RDKit::Atom &atom) {
  bool found = false;
  for_each_query(
      atom, [&](const AtomQuery &query, bool) { found = found || query.getDescription() == "AtomNull"; });
  return found;
}

// Returns whether the atom is not what it says.
bool check_new_element(const TemplateAtom &product, Findings &findings) {
  const bool is_dummy = product.atom->getAtomicNum() == 0 && !is_star(*product.atom);
  if (is_dummy) {
    findings.add(FindingCode::kProductList, product.span,
                 "the new atom is a dummy atom (*), because it does not begin with one element",
                 "name one element, and write one rule for each");
  }
  return is_dummy;
}

// Returns true if RDKit does not do what the list says.
bool check_kept_element(const TemplateAtom &reactant, const TemplateAtom &product, Findings &findings) {
  if (product.atom->getAtomicNum() != 0 || is_any_atom(*product.atom)) {
    return false;
  }
  const bool is_met = (possible_elements(*reactant.atom) & ~possible_elements(*product.atom)).none();
  if (is_met) {
    findings.add(FindingCode::kProductQuery, product.span,
                 "the list has no effect: the parent's element stays",
                 "write * for the element, as in [*:1]");
  } else {
    findings.add(FindingCode::kProductList, product.span,
                 "the parent's element stays, also if it is not in the list",
                 "name one element, and write one rule for each");
  }
  return true;
}

// What RDKit sets although the query has alternatives.
void check_property(const TemplateAtom &product, const std::string &property, std::optional<int> demanded,
                    const std::string &name, Findings &findings) {
  const auto prescribed = prescribed_value(*product.atom, property);
  if (prescribed && prescribed != demanded) {
    findings.add(FindingCode::kProductList, product.span,
                 "RDKit sets the " + name + " to " + std::to_string(*prescribed) +
                     ", the first that it finds in the atom, also if it is negated",
                 "state one " + name + ", or none");
  }
}

void check_atom(const Subject &subject, const TemplateAtom &product, Findings &findings) {
  const auto *reactant = product.number ? subject.in_reactant(*product.number) : nullptr;
  if (reactant ? check_kept_element(*reactant, product, findings) : check_new_element(product, findings)) {
    return;
  }
  const auto &atom = *product.atom;
  check_property(product, properties::_QueryHCount, demanded_value(atom, "AtomHCount"), "hydrogen count",
                 findings);
  check_property(product, properties::_QueryFormalCharge, demanded_charge(atom), "charge", findings);
  check_property(product, properties::_QueryIsotope, demanded_value(atom, "AtomIsotope"), "isotope",
                 findings);
  if (has_ignored_query(atom)) {
    findings.add(
        FindingCode::kProductQuery, product.span,
        "RDKit takes element, charge, isotope and hydrogen count from the atom and ignores what else "
        "it says",
        "");
  }
}

}  // namespace

void check_product_atoms(const Subject &subject, Findings &findings) {
  for (const auto &product : subject.products()) {
    check_atom(subject, product, findings);
  }
}

}  // namespace xform
