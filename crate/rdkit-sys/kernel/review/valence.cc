#include <GraphMol/PeriodicTable.h>
#include <GraphMol/QueryBond.h>
#include <RDGeneral/types.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/map_number.h"
#include "plain/demands.h"
#include "review/bond_orders.h"
#include "review/checks.h"
#include "review/demands.h"
#include "review/parents.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
namespace properties = RDKit::common_properties;

// How the templates change the sum of the orders of an atom's bonds.
struct Change {
  int least = 0;
  int most = 0;
};

const Bond *bond_to(const Atom &atom, int number) {
  for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
    if (map_number(*bond->getOtherAtom(&atom)) == number) {
      return bond;
    }
  }
  return nullptr;
}

// Whether the product has the parent's bond, whatever its order is.
bool keeps_order(const Bond &product, const Bond *reactant) {
  const bool takes_parents = product.hasQuery() && product.getQuery()->getDescription() == "BondNull";
  return reactant && (takes_parents || (orders_made(product) == orders_matched(*reactant)));
}

Change change_of_bonds(const Atom &reactant, const Atom &product) {
  Change change;
  for (const auto *bond : reactant.getOwningMol().atomBonds(&reactant)) {
    const auto number = map_number(*bond->getOtherAtom(&reactant));
    const auto *kept = number ? bond_to(product, *number) : nullptr;
    if (!kept || !keeps_order(*kept, bond)) {
      const auto orders = orders_matched(*bond);
      change = {change.least - orders.most, change.most - orders.least};
    }
  }
  for (const auto *bond : product.getOwningMol().atomBonds(&product)) {
    const auto number = map_number(*bond->getOtherAtom(&product));
    if (!number || !keeps_order(*bond, bond_to(reactant, *number))) {
      const auto orders = orders_made(*bond);
      change = {change.least + orders.least, change.most + orders.most};
    }
  }
  return change;
}

// What RDKit makes of a parent's atom.
struct Outcome {
  bool fails;                       // however the parent is written
  bool fails_with_fixed_hydrogens;  // if it is written in brackets, with its hydrogens
};

Outcome outcome(const AtomState &state, const Change &change, const Atom &product) {
  const bool is_same_element = !product.getAtomicNum() || product.getAtomicNum() == state.element;
  const int element = is_same_element ? state.element : product.getAtomicNum();
  const auto charge = prescribed_value(product, properties::_QueryFormalCharge);
  const int new_charge = charge ? *charge : is_same_element ? state.charge : product.getFormalCharge();
  const auto hydrogens = prescribed_value(product, properties::_QueryHCount);
  // An aromatic ring can have other Kekule forms in the product, but a carbon atom in it has the same valence
  // in all.
  const bool is_certain = !state.aromatic || (product.getIsAromatic() && element == 6 && state.element == 6);
  const int valence = (is_certain ? state.valence : state.degree) + change.least + hydrogens.value_or(0);
  const bool keeps_hydrogens = is_same_element && !hydrogens && !state.aromatic &&
                               !product.hasProp(properties::_ReactionDegreeChanged);
  const int kept = keeps_hydrogens ? state.hydrogens : 0;
  return {!accepts_valence(element, new_charge, std::max(valence, 0)),
          !accepts_valence(element, new_charge, std::max(valence + kept, 0))};
}

// What becomes of the parents that an atom of the reactant template can find.
struct Verdict {
  bool always_fails = true;
  bool fixed_hydrogens_fail = false;  // of parents that would not fail otherwise
  std::optional<AtomState> failing;   // surely matches, and fails
};

bool keeps_element(const Atom &reactant, const Atom &product) {
  Elements own;
  own.set(static_cast<std::size_t>(product.getAtomicNum()));
  return !product.getAtomicNum() || possible_elements(reactant) == own;
}

// Whether the product has the parent's atom with no more bonds than before: its valence stays acceptable.
bool leaves_valence(const Atom &reactant, const Atom &product, const Change &change) {
  return change.least <= 0 && !prescribed_value(product, properties::_QueryFormalCharge) &&
         !prescribed_value(product, properties::_QueryHCount) && keeps_element(reactant, product);
}

Verdict judge(const Atom &reactant, const Atom &product, const Parents &parents) {
  const auto change = change_of_bonds(reactant, product);
  if (leaves_valence(reactant, product, change)) {
    return {false, false, std::nullopt};
  }
  const auto &states = parents.states(reactant);
  const bool some_neutral =
      std::any_of(states.begin(), states.end(), [](const AtomState &state) { return state.charge == 0; });
  Verdict verdict;
  verdict.always_fails = !states.empty();
  for (const auto &state : states) {
    const auto found = outcome(state, change, product);
    verdict.always_fails = verdict.always_fails && found.fails;
    const bool is_usual = !some_neutral || state.charge == 0;
    if (is_usual && !found.fails && found.fails_with_fixed_hydrogens) {
      verdict.fixed_hydrogens_fail = true;
    }
    if (is_usual && found.fails && !verdict.failing && parents.surely_match(reactant, state)) {
      verdict.failing = state;
    }
  }
  return verdict;
}

std::string symbol(int element) { return RDKit::PeriodicTable::getTable()->getElementSymbol(element); }

std::string counted(int count, const std::string &what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

// Such as "O with 2 neighbours and 0 hydrogens".
std::string description(const AtomState &state) {
  const std::string charge = state.charge > 0 ? "+" : state.charge < 0 ? "-" : "";
  return (state.aromatic ? "aromatic " : "") + symbol(state.element) + charge + " with " +
         counted(state.degree, "neighbour") + " and " + counted(state.hydrogens, "hydrogen");
}

void report(const Verdict &verdict, const TemplateAtom &product, const std::string &text,
            Findings &findings) {
  if (verdict.always_fails) {
    findings.add(FindingCode::kValenceImpossible, product.span,
                 "all products are rejected: no parent leaves " + text + " a valence that RDKit accepts",
                 "give the atom fewer bonds or hydrogens, or the charge that allows them, as in [N+:1]");
    return;
  }
  if (verdict.fixed_hydrogens_fail) {
    findings.add(
        FindingCode::kValenceWithFixedHydrogens, product.span,
        "an atom that the parent writes in brackets keeps its hydrogens, which are too many for the new "
        "bonds: its products are rejected",
        "state the hydrogens that are left, as in [CH0:1] or [CH1:1]");
  }
  if (verdict.failing) {
    findings.add(FindingCode::kValenceAtSomeSites, product.span,
                 description(*verdict.failing) + " is a site too, and its products are rejected",
                 "restrict the atom in the reactant template, by its hydrogens (H1) or neighbours (X2)");
  }
}

// An atom without a counterpart in the reactant template.
bool new_atom_fails(const Atom &atom) {
  int valence = prescribed_value(atom, properties::_QueryHCount).value_or(0);
  for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
    valence += orders_made(*bond).least;
  }
  const int charge = prescribed_value(atom, properties::_QueryFormalCharge).value_or(0);
  return atom.getAtomicNum() && !accepts_valence(atom.getAtomicNum(), charge, valence);
}

}  // namespace

void check_valences(const Subject &subject, const Parents &parents, Findings &findings) {
  // The states of a parent's atom assume that hydrogens are counts.
  if (subject.transform().explicit_hydrogens) {
    return;
  }
  for (const auto &product : subject.products()) {
    const auto *reactant = product.number ? subject.in_reactant(*product.number) : nullptr;
    Verdict verdict;
    if (reactant) {
      verdict = judge(*reactant->atom, *product.atom, parents);
    } else {
      verdict.always_fails = new_atom_fails(*product.atom);
    }
    report(verdict, product, subject.text_of(product), findings);
  }
}
}  // namespace xform
