#include "review/labels.h"

#include <GraphMol/PeriodicTable.h>
#include <GraphMol/QueryBond.h>
#include <GraphMol/QueryOps.h>
#include <GraphMol/RWMol.h>
#include <RDGeneral/types.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "plain/demands.h"

namespace xform {
namespace {

namespace properties = RDKit::common_properties;

constexpr std::size_t kMostSymbols = 4;

std::string symbol_of(int element, bool aromatic, bool either) {
  if (element == 0) {
    return "*";
  }
  if (either) {
    return "#" + std::to_string(element);
  }
  auto symbol = RDKit::PeriodicTable::getTable()->getElementSymbol(static_cast<unsigned int>(element));
  if (aromatic) {
    std::transform(symbol.begin(), symbol.end(), symbol.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  return symbol;
}

// Elements for which aromatic and aliphatic atoms are worth telling apart.
bool can_be_aromatic(int element) {
  return element == 5 || element == 6 || element == 7 || element == 8 || element == 15 || element == 16 ||
         element == 33 || element == 34;
}

std::vector<std::string> symbols_named(const RDKit::Atom &atom) {
  const auto possible = possible_elements(atom);
  std::vector<std::string> symbols;
  for_each_query(atom, [&](const AtomQuery &query, bool negated) {
    const auto &name = query.getDescription();
    if (negated || (name != "AtomType" && name != "AtomAtomicNum")) {
      return;
    }
    int element = static_cast<const RDKit::ATOM_EQUALS_QUERY &>(query).getVal();
    bool aromatic = false;
    if (name == "AtomType") {
      RDKit::parseAtomType(element, element, aromatic);
    }
    const auto symbol = symbol_of(element, aromatic, name == "AtomAtomicNum" && can_be_aromatic(element));
    const bool is_new = std::find(symbols.begin(), symbols.end(), symbol) == symbols.end();
    if (is_new && possible.test(static_cast<std::size_t>(element))) {
      symbols.push_back(symbol);
    }
  });
  return symbols;
}

// `c` and `#6` are of one element.
bool is_wider(const std::string &one, const std::string &other) {
  const auto *table = RDKit::PeriodicTable::getTable();
  auto capital = other;
  capital.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(capital.front())));
  return one.front() == '#' && other.front() != '#' && other != "*" &&
         one.substr(1) == std::to_string(table->getAtomicNumber(capital));
}

std::string symbol_of(const RDKit::Atom &atom) {
  if (possible_elements(atom).count() > kMostSymbols) {
    const bool aromatic = demanded_value(atom, "AtomIsAromatic").has_value();
    const bool aliphatic = demanded_value(atom, "AtomIsAliphatic").has_value();
    return aromatic ? "a" : aliphatic ? "A" : "*";
  }
  const auto symbols = symbols_named(atom);
  std::string all;
  for (const auto &symbol : symbols) {
    // `[c,#6]` is `#6`.
    if (std::none_of(symbols.begin(), symbols.end(),
                     [&](const std::string &other) { return is_wider(other, symbol); })) {
      all += (all.empty() ? "" : "/") + symbol;
    }
  }
  return all.empty() ? "*" : all;
}

bool sets_element(const RDKit::Atom &product) { return possible_elements(product).count() == 1; }

int hydrogen_neighbours(const RDKit::Atom &atom) {
  auto neighbours = atom.getOwningMol().atomNeighbors(&atom);
  return static_cast<int>(std::count_if(neighbours.begin(), neighbours.end(),
                                        [](const auto *other) { return is_hydrogen(*other); }));
}

// The hydrogens that RDKit gives new atoms of a product template, as it fills their valence.
std::map<const RDKit::Atom *, int> filled_hydrogens(const RDKit::ROMol &product) {
  RDKit::RWMol filled;
  for (const auto *atom : product.atoms()) {
    RDKit::Atom plain(atom->getAtomicNum());
    plain.setIsAromatic(atom->getIsAromatic());
    plain.setFormalCharge(prescribed_value(*atom, properties::_QueryFormalCharge).value_or(0));
    if (const auto hydrogens = prescribed_value(*atom, properties::_QueryHCount)) {
      plain.setNumExplicitHs(static_cast<unsigned int>(*hydrogens));
      plain.setNoImplicit(true);
    }
    filled.addAtom(&plain, false, false);
  }
  for (const auto *bond : product.bonds()) {
    // As RDKit does: a bond without a symbol between aromatic atoms is aromatic.
    const bool aromatic = bond->getBeginAtom()->getIsAromatic() && bond->getEndAtom()->getIsAromatic() &&
                          bond->hasQuery() && bond->getQuery()->getDescription() == "SingleOrAromaticBond";
    filled.addBond(bond->getBeginAtomIdx(), bond->getEndAtomIdx(),
                   aromatic ? RDKit::Bond::AROMATIC : bond->getBondType());
  }
  const bool strict = false;
  filled.updatePropertyCache(strict);
  std::map<const RDKit::Atom *, int> hydrogens;
  for (const auto *atom : product.atoms()) {
    hydrogens[atom] = static_cast<int>(filled.getAtomWithIdx(atom->getIdx())->getTotalNumHs());
  }
  return hydrogens;
}

AtomLook look_before(const RDKit::Atom &atom) {
  return {symbol_of(atom), demanded_value(atom, "AtomHCount"), demanded_charge(atom),
          demanded_value(atom, "AtomIsotope").value_or(0)};
}

// The hydrogens of a kept atom, if the templates tell.
std::optional<int> hydrogens_after(const KeptAtom &kept, const AtomLook &before) {
  const auto &after = *kept.after->atom;
  const int atoms = hydrogen_neighbours(after);
  if (const auto prescribed = prescribed_value(after, properties::_QueryHCount)) {
    return *prescribed + atoms;
  }
  const bool is_same_atom = !sets_element(after) || after.getAtomicNum() == kept.before->atom->getAtomicNum();
  const auto charge = prescribed_value(after, properties::_QueryFormalCharge);
  const bool is_same_charge = !charge || charge == before.charge.value_or(0);
  const auto old_sum = order_sum(*kept.before->atom);
  const auto new_sum = order_sum(after);
  if (is_same_atom && is_same_charge && before.hydrogens && old_sum && new_sum) {
    const int left = *before.hydrogens + static_cast<int>(*old_sum - *new_sum);
    // RDKit adds no hydrogen to aromatic atoms but carbon.
    const bool is_worked_out = after.hasProp(properties::_ReactionDegreeChanged) &&
                               (!after.getIsAromatic() || after.getAtomicNum() == 6);
    if (left >= 0 && (is_worked_out || *old_sum == *new_sum)) {
      return left + atoms;
    }
  }
  return atoms > 0 ? std::optional<int>(atoms) : std::nullopt;
}

int isotope_of(const RDKit::Atom &product) {
  return prescribed_value(product, properties::_QueryIsotope).value_or(0);
}

AtomLook look_after(const KeptAtom &kept, const AtomLook &before) {
  const auto &after = *kept.after->atom;
  const bool is_same_atom = !sets_element(after) || after.getAtomicNum() == kept.before->atom->getAtomicNum();
  const auto prescribed = prescribed_value(after, properties::_QueryFormalCharge);
  const auto inherited = is_same_atom ? before.charge : std::optional<int>();
  // `#6` leaves open what the parent's atom is.
  const auto own = sets_element(after) ? symbol_of(after) : before.symbol;
  return {is_wider(own, before.symbol) ? before.symbol : own, hydrogens_after(kept, before),
          prescribed ? prescribed : inherited, isotope_of(after)};
}

}  // namespace

Labels::Labels(const Subject &subject, const Comparison &comparison) {
  for (const auto &atom : subject.reactant()) {
    looks_[atom.atom] = look_before(*atom.atom);
  }
  std::map<const RDKit::Atom *, int> filled;
  for (const auto &product : subject.transform().reaction->getProducts()) {
    filled.merge(filled_hydrogens(*product));
  }
  for (const auto &atom : subject.products()) {
    if (is_hydrogen(*atom.atom)) {
      folded_.insert(atom.atom);
    }
    if (const auto *kept = comparison.kept_as(atom)) {
      looks_[atom.atom] = look_after(*kept, looks_.at(kept->before->atom));
    } else {
      const auto hydrogens = atom.atom->getIsAromatic()
                                 ? prescribed_value(*atom.atom, properties::_QueryHCount)
                                 : std::optional<int>(filled.at(atom.atom) + hydrogen_neighbours(*atom.atom));
      looks_[atom.atom] = {symbol_of(*atom.atom), hydrogens,
                           prescribed_value(*atom.atom, properties::_QueryFormalCharge),
                           isotope_of(*atom.atom)};
    }
  }
}

std::string Labels::label(const RDKit::Atom *atom) const {
  const auto &look = looks_.at(atom);
  auto label = (look.isotope > 0 ? std::to_string(look.isotope) : "") + look.symbol;
  if (look.hydrogens.value_or(0) > 0) {
    label += *look.hydrogens == 1 ? "H" : "H" + std::to_string(*look.hydrogens);
  }
  if (const int charge = look.charge.value_or(0)) {
    label += (std::abs(charge) > 1 ? std::to_string(std::abs(charge)) : "") + (charge > 0 ? "+" : "-");
  }
  return label;
}

std::string Labels::label(const TemplateAtom &atom) const { return label(atom.atom); }

std::string Labels::name(const TemplateAtom &atom) const {
  if (atom.number) {
    return look(atom).symbol + ":" + std::to_string(*atom.number);
  }
  return look(atom).charge.value_or(0) == 0 ? label(atom) : "[" + label(atom) + "]";
}

}  // namespace xform
