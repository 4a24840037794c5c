#include "fast/edit_stereo.h"

#include <GraphMol/Chirality.h>
#include <GraphMol/MolOps.h>
#include <RDGeneral/utils.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::RWMol;

constexpr int kUnknown = -1;

// Bonds around an atom, as indices of the parent's bonds.
using BondOrder = RDKit::INT_VECT;

BondOrder order_in_parent(const EditableParent &parent, unsigned int source) {
  BondOrder order;
  for (auto i = parent.first[source]; i < parent.first[source + 1]; ++i) {
    order.push_back(static_cast<int>(parent.neighbours[i].bond));
  }
  return order;
}

// kUnknown stands for bonds that the parent does not have.
BondOrder order_in_product(const Draft &draft, const RWMol &product, const Atom &atom) {
  BondOrder order;
  for (const auto *bond : product.atomBonds(&atom)) {
    order.push_back(draft.bonds[bond->getIdx()].parent_bond);
  }
  return order;
}

bool is_in(const BondOrder &order, int bond) {
  return std::find(order.begin(), order.end(), bond) != order.end();
}

// Makes both orders lists of the same bonds, as the runner does: a new bond takes the place of a lost one,
// or is skipped if none was lost; a lost one is skipped if there is no new one. False if the runner gives
// up.
bool align(BondOrder &before, BondOrder &after) {
  const auto unknown = std::count(after.begin(), after.end(), kUnknown);
  if (unknown > 1) {
    return false;
  }
  if (unknown == 1) {
    const auto place = std::find(after.begin(), after.end(), kUnknown);
    if (before.size() == after.size()) {
      *place = *std::find_if(before.begin(), before.end(), [&](int bond) { return !is_in(after, bond); });
    } else if (after.size() > before.size()) {
      after.erase(place);
    } else {
      return false;
    }
  }
  before.erase(std::remove_if(before.begin(), before.end(), [&](int bond) { return !is_in(after, bond); }),
               before.end());
  return before.size() == after.size();
}

void set_centre(Atom &atom, Atom::ChiralType tag, const BondOrder &before, const BondOrder &after) {
  atom.setChiralTag(tag);
  if (RDKit::countSwapsToInterconvert(before, after) % 2) {
    atom.invertChirality();
  }
}

// A centre that is an atom of the template.
void carry_template_centre(const EditableParent &parent, const Draft &draft, const RWMol &product,
                           const ScriptAtom &script, Atom &atom) {
  const auto source = static_cast<unsigned int>(draft.parent_atom[atom.getIdx()]);
  const auto tag = parent.atoms[source].getChiralTag();
  if (script.retains_stereo) {
    atom.setChiralTag(tag);
  }
  auto before = order_in_parent(parent, source);
  auto after = order_in_product(draft, product, atom);
  const auto change = std::abs(static_cast<int>(before.size()) - static_cast<int>(after.size()));
  if (before.size() >= 3 && after.size() >= 3 && change <= 1 && align(before, after)) {
    set_centre(atom, tag, before, after);
  }
}

// An end of a double bond in the parent.
struct BondEnd {
  unsigned int atom;
  unsigned int anchor;  // the neighbour that the mark refers to
};

// The neighbour that the mark refers to in the product, and whether it is on the other side.
std::optional<std::pair<unsigned int, bool>> anchor_in_product(const EditableParent &parent,
                                                               const Draft &draft, const BondEnd &end,
                                                               unsigned int other_end) {
  if (draft.product_atom[end.anchor] >= 0) {
    return std::pair(static_cast<unsigned int>(draft.product_atom[end.anchor]), false);
  }
  for (auto i = parent.first[end.atom]; i < parent.first[end.atom + 1]; ++i) {
    const auto neighbour = parent.neighbours[i].atom;
    if (neighbour != other_end && neighbour != end.anchor) {
      if (draft.product_atom[neighbour] < 0) {
        return std::nullopt;
      }
      return std::pair(static_cast<unsigned int>(draft.product_atom[neighbour]), true);
    }
  }
  return std::nullopt;
}

void carry_double_bond(const EditableParent &parent, const Draft &draft, const Bond &old, Bond &bond) {
  const auto &anchors = old.getStereoAtoms();
  BondEnd begin{old.getBeginAtomIdx(), static_cast<unsigned int>(anchors[0])};
  BondEnd end{old.getEndAtomIdx(), static_cast<unsigned int>(anchors[1])};
  if (draft.product_atom[begin.atom] != static_cast<int>(bond.getBeginAtomIdx())) {
    std::swap(begin, end);
  }
  const auto at_begin = anchor_in_product(parent, draft, begin, end.atom);
  const auto at_end = anchor_in_product(parent, draft, end, begin.atom);
  const auto &product = bond.getOwningMol();
  if (!at_begin || !at_end || !product.getBondBetweenAtoms(bond.getBeginAtomIdx(), at_begin->first) ||
      !product.getBondBetweenAtoms(bond.getEndAtomIdx(), at_end->first)) {
    return;
  }
  const bool was_cis = old.getStereo() == Bond::STEREOCIS || old.getStereo() == Bond::STEREOZ;
  const bool turns = at_begin->second != at_end->second;
  bond.setStereoAtoms(at_begin->first, at_end->first);
  bond.setStereo(was_cis != turns ? Bond::STEREOCIS : Bond::STEREOTRANS);
}

}  // namespace

const char *carry_centres(const EditableParent &parent, const EditScript &script, const Draft &draft,
                          RWMol &product) {
  if (!parent.has_centres) {
    return nullptr;
  }
  for (auto *atom : product.atoms()) {
    const auto index = atom->getIdx();
    const int source = draft.parent_atom[index];
    if (source < 0 || parent.atoms[source].getChiralTag() == Atom::CHI_UNSPECIFIED) {
      continue;
    }
    if (index >= script.atoms.size()) {
      set_centre(*atom, atom->getChiralTag(), order_in_parent(parent, source),
                 order_in_product(draft, product, *atom));
    } else if (script.atoms[index].hydrogens) {
      return "merges a template hydrogen at a stereo centre";
    } else {
      carry_template_centre(parent, draft, product, script.atoms[index], *atom);
    }
  }
  return nullptr;
}

void carry_double_bonds(const EditableParent &parent, const EditScript &script, const Draft &draft,
                        RWMol &product) {
  if (parent.has_stereo_bonds) {
    for (auto *bond : product.bonds()) {
      const int source = draft.bonds[bond->getIdx()].parent_bond;
      const bool forgets =
          bond->getIdx() < script.bonds.size() && script.bonds[bond->getIdx()].forgets_stereo;
      if (bond->getBondType() != Bond::DOUBLE || source < 0 || forgets) {
        continue;
      }
      const auto &old = *parent.bonds[source].bond;
      if (old.getStereo() != Bond::STEREONONE) {
        carry_double_bond(parent, draft, old, *bond);
      }
    }
  }
  if (parent.has_directions) {
    RDKit::MolOps::setDoubleBondNeighborDirections(product);
  }
}

}  // namespace xform
