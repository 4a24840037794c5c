#include <GraphMol/QueryBond.h>
#include <GraphMol/SmilesParse/SmartsWrite.h>

#include <algorithm>
#include <string>

#include "base/map_number.h"
#include "review/checks.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;

// RDKit writes the element that a product atom names, and keeps the parent's if it names none or several.
bool sets_element(const Atom &reactant, const Atom &product) {
  return product.getAtomicNum() > 0 && product.getAtomicNum() != reactant.getAtomicNum();
}

// Whether the bond of a product template differs from what the reactant template matches. A double bond with
// neighbours loses the parent's stereo, and a directed bond sets it.
bool may_set(const Bond &product, const Bond &reactant) {
  if (product.hasQuery() && product.getQuery()->getDescription() == "BondNull") {
    return false;
  }
  const auto text = [](const Bond &bond) {
    return RDKit::SmartsWrite::GetBondSmarts(static_cast<const RDKit::QueryBond *>(&bond));
  };
  const bool loses_stereo = product.getBondType() == Bond::DOUBLE &&
                            product.getBeginAtom()->getDegree() > 1 && product.getEndAtom()->getDegree() > 1;
  return product.getBondDir() != Bond::NONE || loses_stereo || text(product) != text(reactant);
}

const Bond *counterpart(const Bond &product, const Subject &subject) {
  const auto begin = map_number(*product.getBeginAtom()), end = map_number(*product.getEndAtom());
  const auto *one = begin ? subject.in_reactant(*begin) : nullptr;
  const auto *other = end ? subject.in_reactant(*end) : nullptr;
  return one && other
             ? one->atom->getOwningMol().getBondBetweenAtoms(one->atom->getIdx(), other->atom->getIdx())
             : nullptr;
}

// What template_diff.h calls unchanged, without what a template leaves open.
bool leaves_all(const Subject &subject) {
  const auto &transform = subject.transform();
  const auto &changed = transform.changed;
  const auto is_kept = [&](const TemplateAtom &product) {
    const auto *reactant = product.number ? subject.in_reactant(*product.number) : nullptr;
    return reactant && !sets_element(*reactant->atom, *product.atom);
  };
  if (transform.product_templates() != 1 ||
      std::find(changed.begin(), changed.end(), true) != changed.end() ||
      !std::all_of(subject.products().begin(), subject.products().end(), is_kept)) {
    return false;
  }
  for (const auto *bond : transform.reaction->getProducts().front()->bonds()) {
    const auto *before = counterpart(*bond, subject);
    if (!before || may_set(*bond, *before)) {
      return false;
    }
  }
  return true;
}

}  // namespace

void check_always_parent(const Subject &subject, Findings &findings) {
  if (leaves_all(subject)) {
    findings.add(FindingCode::kAlwaysParent, std::nullopt,
                 "the templates differ in nothing that RDKit writes into a product: no product differs from "
                 "its parent",
                 "write the new element, charge, hydrogens or bonds into the product template, one element "
                 "to an atom");
  }
}

}  // namespace xform
