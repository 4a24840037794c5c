#include <RDGeneral/types.h>

#include <string>

#include "base/elements.h"
#include "plain/demands.h"
#include "review/checks.h"
#include "review/demands.h"

namespace xform {
namespace {

namespace properties = RDKit::common_properties;

// An atom of the parent with what it becomes; `product` leaves the element as it is.
struct Kept {
  const TemplateAtom &reactant;
  const TemplateAtom &product;
  bool is_changed;

  bool prescribes(const std::string &property) const {
    return prescribed_value(*product.atom, property).has_value();
  }
};

bool may_be_charged(const RDKit::Atom &atom) {
  return names_value(atom, {"AtomFormalCharge", "AtomNegativeFormalCharge"});
}

std::string with_sign(int charge) { return (charge > 0 ? "+" : "") + std::to_string(charge); }

void check_charge(const Kept &kept, Findings &findings) {
  const auto &atom = *kept.reactant.atom;
  if (!kept.is_changed || !may_be_charged(atom) || kept.prescribes(properties::_QueryFormalCharge)) {
    return;
  }
  const auto charge = demanded_charge(atom);
  findings.add(
      FindingCode::kChargeUnsaid, kept.product.span,
      charge ? "the charge " + with_sign(*charge) + " stays, although the product template does not say so"
             : "the charge of a charged parent stays, although the product template does not say so",
      "write the charge of the product, +0 for none");
}

void check_isotope(const Kept &kept, Findings &findings) {
  if (names_value(*kept.reactant.atom, {"AtomIsotope"}) && !kept.prescribes(properties::_QueryIsotope)) {
    findings.add(FindingCode::kIsotopeUnsaid, kept.product.span,
                 "the isotope stays, although the product template does not say so",
                 "write the isotope before the element, 0 for none");
  }
}

// An atom with as many neighbours as before keeps its hydrogens if the parent writes it in brackets, as it
// does charged atoms and most stereocentres.
bool keeps_hydrogens_of_brackets(const Kept &kept) {
  const auto &before = *kept.reactant.atom;
  const auto &after = *kept.product.atom;
  if (before.getDegree() != after.getDegree()) {
    return false;
  }
  const bool is_discharged =
      may_be_charged(before) && kept.prescribes(properties::_QueryFormalCharge) &&
      prescribed_value(after, properties::_QueryFormalCharge) != demanded_charge(before);
  const auto orders = order_sum(after);
  const bool becomes_unsaturated = may_be_centre(before, 1) && orders && *orders > after.getDegree();
  return is_discharged || becomes_unsaturated;
}

bool is_aromatic_nitrogen_without_hydrogen(const Kept &kept) {
  const auto &before = *kept.reactant.atom;
  const auto &after = *kept.product.atom;
  return after.getAtomicNum() == kNitrogen && after.getIsAromatic() &&
         after.getDegree() < before.getDegree() && !may_be_charged(before);
}

void check_hydrogens(const Kept &kept, Findings &findings) {
  if (kept.prescribes(properties::_QueryHCount)) {
    return;
  }
  const std::string advice = "state the hydrogen count of the product";
  if (keeps_hydrogens_of_brackets(kept)) {
    findings.add(
        FindingCode::kHydrogensUnsaid, kept.product.span,
        "a parent's atom in brackets, such as a stereocentre or an ion, keeps its hydrogen count; for "
        "others it is worked out anew",
        advice);
  } else if (is_aromatic_nitrogen_without_hydrogen(kept)) {
    findings.add(FindingCode::kHydrogensUnsaid, kept.product.span,
                 "RDKit adds no hydrogen to the aromatic nitrogen that loses a neighbour", advice);
  }
}

// RDKit makes a new atom if the element changes, which has nothing of the old one.
bool keeps_element(const TemplateAtom &reactant, const TemplateAtom &product) {
  const int element = product.atom->getAtomicNum();
  return element == 0 || possible_elements(*reactant.atom).test(static_cast<std::size_t>(element));
}

}  // namespace

void check_unsaid(const Subject &subject, Findings &findings) {
  for (const auto &reactant : subject.reactant()) {
    const auto *product = subject.product_of(reactant);
    if (product && keeps_element(reactant, *product)) {
      const Kept kept{reactant, *product, subject.transform().changed[reactant.atom->getIdx()]};
      check_charge(kept, findings);
      check_isotope(kept, findings);
      check_hydrogens(kept, findings);
    }
  }
}

}  // namespace xform
