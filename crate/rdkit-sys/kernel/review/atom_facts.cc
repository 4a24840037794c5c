// Facts about the hydrogens and the configurations of kept atoms.
#include <RDGeneral/types.h>

#include <algorithm>
#include <cstdlib>

#include "plain/demands.h"
#include "review/facts.h"

namespace xform {
namespace {

using Words = std::vector<std::string>;
namespace properties = RDKit::common_properties;

// Whether the bonds or the charge of a kept atom change, so that another number of hydrogens would fit.
bool needs_other_hydrogens(const KeptAtom &kept, const Comparison &comparison) {
  const auto concerns = [&](const TemplateBond &bond) {
    return bond.begin == kept.before || bond.end == kept.before || bond.begin == kept.after ||
           bond.end == kept.after;
  };
  const auto &changes = comparison.reordered;
  return std::any_of(changes.begin(), changes.end(),
                     [&](const OrderChange &change) { return concerns(change.before); }) ||
         prescribed_value(*kept.after->atom, properties::_QueryFormalCharge)
                 .value_or(demanded_charge(*kept.before->atom).value_or(0)) !=
             demanded_charge(*kept.before->atom).value_or(0);
}

bool is_multiple(const RDKit::Bond &bond) {
  return bond.getBondType() == RDKit::Bond::DOUBLE || bond.getBondType() == RDKit::Bond::TRIPLE ||
         bond.getBondType() == RDKit::Bond::AROMATIC;
}

bool has_multiple_bond(const RDKit::Atom &atom) {
  auto bonds = atom.getOwningMol().atomBonds(&atom);
  return std::any_of(bonds.begin(), bonds.end(), [](const auto *bond) { return is_multiple(*bond); });
}

// Whether a kept atom may be a tetrahedral stereocentre in the parent and stay one.
bool may_be_centre(const KeptAtom &kept, const Labels &labels) {
  const auto &before = *kept.before->atom;
  const auto &symbol = labels.symbol(kept.after->atom);
  const auto connections = demanded_value(before, "AtomTotalDegree");
  return (symbol == "C" || symbol == "#6") && !has_multiple_bond(before) &&
         !has_multiple_bond(*kept.after->atom) && connections.value_or(4) == 4;
}

// What becomes of a stereocentre that has no mark in the templates.
std::string unmarked_fact(const KeptAtom &kept, const Comparison &comparison, const Labels &labels) {
  const auto touches = [](const std::vector<TemplateBond> &bonds, const TemplateAtom *atom) {
    return std::any_of(bonds.begin(), bonds.end(),
                       [&](const TemplateBond &bond) { return bond.begin == atom || bond.end == atom; });
  };
  const bool loses = touches(comparison.broken, kept.before);
  const bool gains = touches(comparison.made, kept.after);
  const auto hydrogens = labels.look(*kept.before).hydrogens;
  const auto name = "if " + labels.name(*kept.before) + " is a stereocentre, ";
  if (!may_be_centre(kept, labels) || hydrogens.value_or(0) > 1 || (!loses && !gains)) {
    return "";
  }
  if (!kept.after->atom->hasProp(properties::_ReactionDegreeChanged)) {
    return name + "the new neighbour takes the place of the old one: the drawn configuration stays";
  }
  if (gains && hydrogens.value_or(1) == 1) {
    return name + "RDKit inverts it, because a new neighbour replaces a hydrogen";
  }
  if (loses && hydrogens.value_or(0) == 0) {
    return name + "its new configuration depends on the order of the parent's atoms";
  }
  return "";
}

// What becomes of the configuration of a kept atom; empty if it cannot have one.
std::string centre_fact(const KeptAtom &kept, const Comparison &comparison, const Labels &labels) {
  const auto name = labels.name(*kept.before);
  // Set by RDKit's parser of reactions.
  switch (prescribed_value(*kept.after->atom, properties::molInversionFlag).value_or(0)) {
    case 1:
      return name + " is inverted";
    case 2:
      return name + " keeps its configuration";
    case 3:
      return name + " loses its configuration";
    case 4:
      return name + " gets the configuration of the product template";
    default:
      return unmarked_fact(kept, comparison, labels);
  }
}

// As far as the templates tell: ` (1)`, ` (1 more)`.
std::string worked_out_text(const KeptAtom &kept, const Labels &labels) {
  if (const auto found = labels.look(*kept.after).hydrogens) {
    return " (" + std::to_string(*found) + ")";
  }
  const auto before = order_sum(*kept.before->atom);
  const auto after = order_sum(*kept.after->atom);
  const bool is_same =
      labels.symbol(kept.before->atom) == labels.symbol(kept.after->atom) &&
      labels.look(*kept.before).charge.value_or(0) == labels.look(*kept.after).charge.value_or(0);
  const int more = before && after ? static_cast<int>(*before - *after) : 0;
  if (!is_same || more == 0) {
    return "";
  }
  return " (" + std::to_string(std::abs(more)) + (more > 0 ? " more)" : " less)");
}

}  // namespace

std::vector<std::string> hydrogen_facts(const Comparison &comparison, const Labels &labels) {
  Words set, worked_out, depending;
  for (const auto &kept : comparison.kept) {
    const auto name = labels.name(*kept.before);
    const auto &after = *kept.after->atom;
    if (const auto count = prescribed_value(after, properties::_QueryHCount)) {
      set.push_back(std::to_string(labels.look(*kept.after).hydrogens.value_or(*count)) + " on " + name);
    } else if (after.hasProp(properties::_ReactionDegreeChanged)) {
      worked_out.push_back(name + worked_out_text(kept, labels));
    } else if (labels.symbol(kept.before->atom) != labels.symbol(&after)) {
      worked_out.push_back(name);
    } else if (needs_other_hydrogens(kept, comparison)) {
      depending.push_back(name);
    }
  }
  Words facts;
  if (!set.empty()) {
    facts.push_back("set: " + listed(set));
  }
  if (!worked_out.empty()) {
    facts.push_back("worked out anew: " + listed(worked_out));
  }
  if (!depending.empty()) {
    facts.push_back("worked out anew, unless the parent writes the atom in brackets: " + listed(depending));
  }
  return facts;
}

std::vector<std::string> stereo_facts(const Subject &subject, const Comparison &comparison,
                                      const Labels &labels) {
  Words facts;
  for (const auto &kept : comparison.kept) {
    facts.push_back(centre_fact(kept, comparison, labels));
  }
  Words new_centres;
  for (const auto &atom : subject.products()) {
    if (!comparison.kept_as(atom) && atom.atom->getChiralTag() != RDKit::Atom::CHI_UNSPECIFIED) {
      new_centres.push_back(labels.label(atom));
    }
  }
  if (!new_centres.empty()) {
    const auto count = new_centres.size();
    facts.push_back(
        (count == 1 ? "the new " + new_centres.front() + " gets" : std::to_string(count) + " new atoms get") +
        " the configuration of the product template");
  }
  for (const auto &bond : bonds_between(subject.products())) {
    if (bond.bond->getBondDir() == RDKit::Bond::ENDDOWNRIGHT ||
        bond.bond->getBondDir() == RDKit::Bond::ENDUPRIGHT) {
      facts.push_back("a double bond gets the configuration of the product template");
      break;
    }
  }
  facts.erase(std::remove(facts.begin(), facts.end(), ""), facts.end());
  return facts;
}

}  // namespace xform
