#include <string>

#include "review/checks.h"
#include "review/demands.h"

namespace xform {
namespace {

using RDKit::Bond;

// Whether the reactant template has a bond between the same atoms.
bool is_kept(const Subject &subject, const TemplateBond &bond) {
  const auto reactant = [&](const TemplateAtom *atom) {
    return atom->number ? subject.in_reactant(*atom->number) : nullptr;
  };
  const auto *begin = reactant(bond.begin);
  const auto *end = reactant(bond.end);
  return begin && end &&
         begin->atom->getOwningMol().getBondBetweenAtoms(begin->atom->getIdx(), end->atom->getIdx());
}

std::string order_name(Bond::BondType order) {
  switch (order) {
    case Bond::SINGLE:
      return "a single bond";
    case Bond::DOUBLE:
      return "a double bond";
    case Bond::TRIPLE:
      return "a triple bond";
    case Bond::AROMATIC:
      return "an aromatic bond";
    default:
      return "a bond of a different kind";
  }
}

void check_bond(const Subject &subject, const TemplateBond &bond, Findings &findings) {
  if (!bond.bond->hasQuery()) {
    return;
  }
  const auto &name = bond.bond->getQuery()->getDescription();
  const auto span = subject.span_between(*bond.begin, *bond.end);
  if (bond.bond->getBondType() == Bond::UNSPECIFIED) {
    if (name != "BondNull" || !is_kept(subject, bond)) {
      findings.add(FindingCode::kProductList, span, "RDKit makes a bond without an order (~)",
                   "state one order: - = # or :");
    }
  } else if (!demanded_order(*bond.bond)) {
    findings.add(
        FindingCode::kProductList, span,
        "RDKit makes " + order_name(bond.bond->getBondType()) +
            " in every product, the first order that it finds",
        is_kept(subject, bond) ? "state one order, or write ~ to keep the parent's" : "state one order");
  } else if (name == "BondAnd") {
    findings.add(FindingCode::kProductQuery, span,
                 "RDKit makes " + order_name(bond.bond->getBondType()) + " and ignores the rest", "");
  }
}

}  // namespace

void check_product_bonds(const Subject &subject, Findings &findings) {
  for (const auto &bond : bonds_between(subject.products())) {
    check_bond(subject, bond, findings);
  }
}

}  // namespace xform
