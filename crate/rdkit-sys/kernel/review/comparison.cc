#include "review/comparison.h"

#include <GraphMol/QueryBond.h>
#include <RDGeneral/types.h>

#include <algorithm>
#include <set>

#include "base/map_number.h"

namespace xform {
namespace {

using Bonds = std::vector<TemplateBond>;

// `~` in a product template takes the parent's order. `@` and `!@` in a reactant template are about rings;
// that such a bond is single goes without saying.
bool order_changes(const RDKit::Bond &before, const RDKit::Bond &after) {
  const auto is_query = [](const RDKit::Bond &bond, const char *name) {
    return bond.hasQuery() && bond.getQuery()->getDescription() == name;
  };
  const bool is_left_open = is_query(after, "BondNull") ||
                            (is_query(before, "BondInRing") && after.getBondType() == RDKit::Bond::SINGLE);
  return !is_left_open && before.getBondType() != after.getBondType();
}

// `bond` of a product template, with its atoms in the order of its counterpart.
TemplateBond turned_like(const TemplateBond &bond, const TemplateBond &other) {
  return bond.begin->number == other.begin->number ? bond : TemplateBond{bond.bond, bond.end, bond.begin};
}

// The bond between the counterparts of the atoms of `bond`, or null.
const TemplateBond *counterpart(const TemplateBond &bond, const Bonds &others) {
  const auto number = [](const TemplateAtom *atom) { return atom->number; };
  if (!bond.begin->number || !bond.end->number) {
    return nullptr;
  }
  const auto found = std::find_if(others.begin(), others.end(), [&](const TemplateBond &other) {
    return (number(other.begin) == number(bond.begin) && number(other.end) == number(bond.end)) ||
           (number(other.begin) == number(bond.end) && number(other.end) == number(bond.begin));
  });
  return found == others.end() ? nullptr : &*found;
}

void add_new(std::vector<const TemplateAtom *> &atoms, const TemplateAtom *atom) {
  if (std::find(atoms.begin(), atoms.end(), atom) == atoms.end()) {
    atoms.push_back(atom);
  }
}

// The atoms that hang together with `first` and are not kept.
AtomGroup group_of(const TemplateAtom &first, const Bonds &bonds, const Comparison &comparison) {
  AtomGroup group{{&first}, {}};
  for (std::size_t at = 0; at < group.atoms.size(); ++at) {
    const auto *atom = group.atoms[at];
    for (const auto &bond : bonds) {
      if (bond.begin == atom || bond.end == atom) {
        const auto *other = bond.begin == atom ? bond.end : bond.begin;
        add_new(comparison.kept_as(*other) ? group.on : group.atoms, other);
      }
    }
  }
  return group;
}

// The groups of those `atoms` that are not kept.
std::vector<AtomGroup> groups_of(const std::vector<TemplateAtom> &atoms, const Bonds &bonds,
                                 const Comparison &comparison) {
  std::vector<AtomGroup> groups;
  std::set<const TemplateAtom *> seen;
  for (const auto &first : atoms) {
    if (!comparison.kept_as(first) && seen.count(&first) == 0) {
      groups.push_back(group_of(first, bonds, comparison));
      seen.insert(groups.back().atoms.begin(), groups.back().atoms.end());
    }
  }
  return groups;
}

}  // namespace

Comparison::Comparison(const Subject &subject) {
  for (const auto &atom : subject.reactant()) {
    if (const auto *after = subject.product_of(atom)) {
      kept.push_back({&atom, after});
    }
  }
  const auto before = bonds_between(subject.reactant());
  const auto after = bonds_between(subject.products());
  removed = groups_of(subject.reactant(), before, *this);
  added = groups_of(subject.products(), after, *this);
  // A product's hydrogens are not atoms in the end.
  const auto is_only_hydrogen = [](const AtomGroup &group) {
    return std::all_of(group.atoms.begin(), group.atoms.end(),
                       [](const auto *atom) { return is_hydrogen(*atom->atom); });
  };
  added.erase(std::remove_if(added.begin(), added.end(), is_only_hydrogen), added.end());
  for (const auto &bond : before) {
    const auto *same = counterpart(bond, after);
    if (!same && (kept_as(*bond.begin) || kept_as(*bond.end))) {
      broken.push_back(bond);
    } else if (same && order_changes(*bond.bond, *same->bond)) {
      reordered.push_back({bond, turned_like(*same, bond)});
    }
  }
  for (const auto &bond : after) {
    const bool is_of_hydrogen = is_hydrogen(*bond.begin->atom) || is_hydrogen(*bond.end->atom);
    if (!is_of_hydrogen && !counterpart(bond, before) && (kept_as(*bond.begin) || kept_as(*bond.end))) {
      made.push_back(bond);
    }
  }
}

const KeptAtom *Comparison::kept_as(const TemplateAtom &atom) const {
  const auto found = std::find_if(kept.begin(), kept.end(), [&](const KeptAtom &one) {
    return one.before == &atom || one.after == &atom;
  });
  return found == kept.end() ? nullptr : &*found;
}

bool is_hydrogen(const RDKit::Atom &atom) {
  return atom.getAtomicNum() == 1 && atom.getDegree() == 1 && !map_number(atom) &&
         !atom.hasProp(RDKit::common_properties::_QueryIsotope);
}

}  // namespace xform
