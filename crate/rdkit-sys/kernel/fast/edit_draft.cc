#include "fast/edit_draft.h"

#include <algorithm>

namespace xform {

void Draft::draw(const EditableParent &parent, const EditScript &script, const RDKit::MatchVectType &match) {
  begin(parent, script, match);
  add_template_bonds(parent, script);
  for (const auto &pair : match) {
    if (script.product_atom[pair.first] >= 0) {
      search_from(static_cast<unsigned int>(pair.second), parent, script);
    }
  }
}

void Draft::begin(const EditableParent &parent, const EditScript &script, const RDKit::MatchVectType &match) {
  product_atom.assign(parent.atoms.size(), -1);
  product_bond.assign(parent.bonds.size(), -1);
  match_position.assign(parent.atoms.size(), -1);
  visited_.assign(parent.atoms.size(), false);
  bonds.clear();
  parent_atom.clear();
  for (const auto &pair : match) {
    match_position[pair.second] = pair.first;
    product_atom[pair.second] = script.product_atom[pair.first];
  }
  for (const auto &atom : script.atoms) {
    parent_atom.push_back(atom.is_new() ? -1 : match[atom.source].second);
  }
}

void Draft::add_template_bonds(const EditableParent &parent, const EditScript &script) {
  for (const auto &bond : script.bonds) {
    int parent_bond = -1;
    const int begin = parent_atom[bond.begin], end = parent_atom[bond.end];
    if (begin >= 0 && end >= 0) {
      for (auto i = parent.first[begin]; i < parent.first[begin + 1]; ++i) {
        if (parent.neighbours[i].atom == static_cast<unsigned int>(end)) {
          parent_bond = static_cast<int>(parent.neighbours[i].bond);
          product_bond[parent_bond] = static_cast<int>(bonds.size());
        }
      }
    }
    const auto type = bond.takes_parents && parent_bond >= 0 ? parent.bonds[parent_bond].type : bond.type;
    bonds.push_back({bond.begin, bond.end, type, parent_bond});
  }
}

void Draft::search_from(unsigned int start, const EditableParent &parent, const EditScript &script) {
  queue_.assign(1, start);
  for (std::size_t head = 0; head < queue_.size(); ++head) {
    const auto atom = queue_[head];
    visited_[atom] = true;
    for (auto i = parent.first[atom]; i < parent.first[atom + 1]; ++i) {
      visit(atom, parent.neighbours[i], parent, script);
    }
  }
}

void Draft::visit(unsigned int atom, EditableParent::Neighbour next, const EditableParent &parent,
                  const EditScript &script) {
  const bool is_removed = match_position[next.atom] >= 0 && !is_kept(script, next.atom);
  if (visited_[next.atom] || is_removed) {
    return;
  }
  if (product_atom[next.atom] < 0) {
    product_atom[next.atom] = static_cast<int>(parent_atom.size());
    parent_atom.push_back(static_cast<int>(next.atom));
    queue_.push_back(next.atom);
  } else if (is_kept(script, atom) && is_kept(script, next.atom)) {
    // A bond that both templates have, or that the product template lacks, comes from the template; one
    // that neither has comes from the parent.
    if (product_bond[next.bond] >= 0 || script.were_bonded(match_position[atom], match_position[next.atom])) {
      return;
    }
  }
  add_bond(parent, next.bond);
}

bool Draft::is_kept(const EditScript &script, unsigned int atom) const {
  const int position = match_position[atom];
  return position >= 0 && script.product_atom[position] >= 0;
}

void Draft::add_bond(const EditableParent &parent, unsigned int bond) {
  const auto &old = parent.bonds[bond];
  product_bond[bond] = static_cast<int>(bonds.size());
  bonds.push_back({static_cast<unsigned int>(product_atom[old.begin]),
                   static_cast<unsigned int>(product_atom[old.end]), old.type, static_cast<int>(bond)});
}

}  // namespace xform
