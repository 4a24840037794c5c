#include "plain/template_diff.h"

#include <GraphMol/QueryBond.h>
#include <RDGeneral/types.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/map_number.h"
#include "plain/demands.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::ROMol;
namespace properties = RDKit::common_properties;

// Map number -> the atoms that have it.
using AtomsByNumber = std::map<int, std::vector<const Atom *>>;

AtomsByNumber atoms_by_number(const ROMol &pattern) {
  AtomsByNumber atoms;
  for (const auto *atom : pattern.atoms()) {
    if (const auto number = map_number(*atom)) {
      atoms[*number].push_back(atom);
    }
  }
  return atoms;
}

bool differs(std::optional<int> prescribed, std::optional<int> demanded) {
  return prescribed && prescribed != demanded;
}

bool element_changes(const Atom &reactant, const Atom &product) {
  // A product atom without its own element (`*`, `[*:1]`) takes the parent's.
  return product.getAtomicNum() > 0 && product.getAtomicNum() != reactant.getAtomicNum();
}

bool prescription_changes(const Atom &reactant, const Atom &product) {
  return differs(prescribed_value(product, properties::_QueryFormalCharge), demanded_charge(reactant)) ||
         differs(prescribed_value(product, properties::_QueryIsotope),
                 demanded_value(reactant, "AtomIsotope")) ||
         differs(prescribed_value(product, properties::_QueryHCount), demanded_value(reactant, "AtomHCount"));
}

bool chirality_changes(const Atom &product) {
  // Set by the reaction parser: 0 means nothing, 1 inverts, 2 retains, 3 destroys, 4 creates.
  int flag = 0;
  product.getPropIfPresent(properties::molInversionFlag, flag);
  return flag == 1 || flag == 3 || flag == 4;
}

// A neighbour in the template: its map number, if it has a counterpart in the other template.
using TemplateBond = std::pair<std::optional<int>, const Bond *>;

std::vector<TemplateBond> template_bonds(const Atom &atom, const AtomsByNumber &other_side) {
  std::vector<TemplateBond> bonds;
  const auto &pattern = atom.getOwningMol();
  for (const auto *bond : pattern.atomBonds(&atom)) {
    const auto number = map_number(*bond->getOtherAtom(&atom));
    bonds.emplace_back(number && other_side.count(*number) ? number : std::nullopt, bond);
  }
  return bonds;
}

bool order_changes(const Bond &reactant, const Bond &product) {
  // `~` in a product template takes the parent's bond.
  const bool takes_parents = product.hasQuery() && product.getQuery()->getDescription() == "BondNull";
  return !takes_parents && product.getBondType() != reactant.getBondType();
}

bool bonds_change(const Atom &reactant, const AtomsByNumber &reactant_atoms, const Atom &product,
                  const AtomsByNumber &product_atoms) {
  const auto before = template_bonds(reactant, product_atoms);
  const auto after = template_bonds(product, reactant_atoms);
  const auto is_mapped = [](const TemplateBond &bond) { return bond.first.has_value(); };
  if (before.size() != after.size() || !std::all_of(before.begin(), before.end(), is_mapped)) {
    return true;
  }
  return !std::all_of(before.begin(), before.end(), [&](const TemplateBond &old) {
    const auto kept = std::find_if(after.begin(), after.end(),
                                   [&](const TemplateBond &bond) { return bond.first == old.first; });
    return kept != after.end() && !order_changes(*old.second, *kept->second);
  });
}

bool changes_in(const Atom &reactant, const AtomsByNumber &reactant_atoms,
                const AtomsByNumber &product_atoms) {
  const auto number = map_number(reactant);
  const auto found = number ? product_atoms.find(*number) : product_atoms.end();
  if (found == product_atoms.end() || found->second.size() != 1) {
    return true;
  }
  const Atom &product = *found->second.front();
  return element_changes(reactant, product) || prescription_changes(reactant, product) ||
         chirality_changes(product) || bonds_change(reactant, reactant_atoms, product, product_atoms);
}

}  // namespace

std::vector<bool> changed_atoms(const RDKit::ChemicalReaction &reaction) {
  const ROMol &reactant = *reaction.getReactants().front();
  const auto reactant_atoms = atoms_by_number(reactant);
  std::vector<bool> changed(reactant.getNumAtoms(), false);
  for (const auto *atom : reactant.atoms()) {
    bool touched = false;
    for (const auto &product : reaction.getProducts()) {
      touched = touched || changes_in(*atom, reactant_atoms, atoms_by_number(*product));
    }
    changed[atom->getIdx()] = touched;
  }
  return changed;
}

}  // namespace xform
