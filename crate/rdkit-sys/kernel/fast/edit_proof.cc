#include "fast/edit_proof.h"

#include <GraphMol/RingInfo.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/elements.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;

// The element of a product atom.
int element_of(const EditableParent &parent, const EditScript &script, const Draft &draft,
               unsigned int atom) {
  const int source = draft.parent_atom[atom];
  if (atom < script.atoms.size() && !script.atoms[atom].takes_element) {
    return script.atoms[atom].prototype.getAtomicNum();
  }
  return parent.atoms[source].getAtomicNum();
}

bool is_same_bond(const EditableParent &parent, const Draft &draft, unsigned int parent_bond) {
  const int bond = draft.product_bond[parent_bond];
  return bond >= 0 && draft.bonds[bond].type == parent.bonds[parent_bond].type;
}

bool rings_are_whole(const EditableParent &parent, const Draft &draft) {
  const auto &info = *parent.molecule.getRingInfo();
  for (unsigned int ring = 0; ring < info.numRings(); ++ring) {
    const auto &atoms = info.atomRings()[ring];
    const auto &bonds = info.bondRings()[ring];
    const auto is_dropped = [&](int atom) { return draft.product_atom[atom] < 0; };
    const auto is_kept = [&](int bond) { return is_same_bond(parent, draft, bond); };
    if (!std::all_of(bonds.begin(), bonds.end(), is_kept) &&
        !std::all_of(atoms.begin(), atoms.end(), is_dropped)) {
      return false;
    }
  }
  return true;
}

// Whether the predicate holds for a bond of the product template. These bonds come first in the draft; the
// others have the parent's types.
template <typename Predicate>
bool any_template_bond(const EditScript &script, const Draft &draft, Predicate &&predicate) {
  const auto end = draft.bonds.begin() + static_cast<std::ptrdiff_t>(script.bonds.size());
  return std::any_of(draft.bonds.begin(), end, predicate);
}

// Whether there is a template bond between atoms that are not bonded in the parent.
bool joins_atoms(const EditScript &script, const Draft &draft) {
  return any_template_bond(script, draft, [&](const Draft::DraftBond &bond) {
    return bond.parent_bond < 0 && draft.parent_atom[bond.begin] >= 0 && draft.parent_atom[bond.end] >= 0;
  });
}

// Whether there is a bond that is aromatic in the template but not in the parent. The `cc` of a template
// is such a bond, and also matches the single bond of a biaryl, which Kekulize makes single again.
bool makes_aromatic_bond(const EditableParent &parent, const EditScript &script, const Draft &draft) {
  return any_template_bond(script, draft, [&](const Draft::DraftBond &bond) {
    return bond.type == Bond::AROMATIC &&
           (bond.parent_bond < 0 || parent.bonds[bond.parent_bond].type != Bond::AROMATIC);
  });
}

bool strips_untouched_atom(const EditableParent &parent, const Draft &draft,
                           const RDKit::MatchVectType &match) {
  for (const auto &pair : match) {
    if (draft.product_atom[pair.second] >= 0) {
      continue;
    }
    for (auto i = parent.first[pair.second]; i < parent.first[pair.second + 1]; ++i) {
      const auto neighbour = parent.neighbours[i].atom;
      if (draft.match_position[neighbour] < 0 && draft.product_atom[neighbour] >= 0) {
        return true;
      }
    }
  }
  return false;
}

// A multiple bond, as seen from its other end.
using MultipleBond = std::pair<Bond::BondType, int>;  // and the element there

// Whether `atom` of the template has the same multiple bonds as in the parent, to the same elements. It
// has been checked before that those in rings are the same bonds.
bool keeps_multiple_bonds(const EditableParent &parent, const EditScript &script, const Draft &draft,
                          unsigned int atom) {
  std::vector<MultipleBond> before, after;
  const int source = draft.parent_atom[atom];
  for (auto i = parent.first[source]; i < parent.first[source + 1]; ++i) {
    const auto [neighbour, bond] = parent.neighbours[i];
    if (is_multiple(parent.bonds[bond].type)) {
      before.emplace_back(parent.bonds[bond].type, parent.atoms[neighbour].getAtomicNum());
    }
  }
  for (const auto &bond : draft.bonds) {
    if (is_multiple(bond.type) && (bond.begin == atom || bond.end == atom)) {
      const auto other = bond.begin == atom ? bond.end : bond.begin;
      after.emplace_back(bond.type, element_of(parent, script, draft, other));
    }
  }
  return before.size() == after.size() && std::is_permutation(before.begin(), before.end(), after.begin());
}

bool has_multiple_bond_to_untouched(const EditScript &script, const Draft &draft, unsigned int atom) {
  return std::any_of(draft.bonds.begin(), draft.bonds.end(), [&](const Draft::DraftBond &bond) {
    const bool is_here = bond.begin == atom || bond.end == atom;
    return is_here && bond.type != Bond::SINGLE && std::max(bond.begin, bond.end) >= script.atoms.size();
  });
}

bool is_radical(Atom &atom) {
  if (!atom.getNoImplicit()) {
    return atom.getNumRadicalElectrons() != 0;
  }
  // RDKit makes a radical of an atom that it would otherwise fill with hydrogens.
  atom.setNoImplicit(false);
  const bool has_room = atom.calcImplicitValence(false) != 0;
  atom.setNoImplicit(true);
  atom.calcImplicitValence(false);
  return has_room || atom.getNumRadicalElectrons() != 0;
}

}  // namespace

const char *obstacle_in_graph(const EditableParent &parent, const EditScript &script, const Draft &draft,
                              const RDKit::MatchVectType &match) {
  if (joins_atoms(script, draft)) {
    return "joins atoms of the parent";
  }
  if (!rings_are_whole(parent, draft)) {
    return "opens or changes a ring";
  }
  if (makes_aromatic_bond(parent, script, draft)) {
    return "makes a bond aromatic";
  }
  if (strips_untouched_atom(parent, draft, match)) {
    return "takes a neighbour from an atom outside the template";
  }
  for (unsigned int atom = 0; atom < script.atoms.size(); ++atom) {
    const int source = draft.parent_atom[atom];
    if (source < 0) {
      continue;
    }
    const bool keeps_element = element_of(parent, script, draft, atom) == parent.atoms[source].getAtomicNum();
    if (parent.in_ring[source]) {
      if (!keeps_element || !keeps_multiple_bonds(parent, script, draft, atom)) {
        return "changes the electrons of a ring atom";
      }
    } else if (!keeps_element && has_multiple_bond_to_untouched(script, draft, atom)) {
      return "changes the electrons of a neighbour";
    }
  }
  return nullptr;
}

const char *obstacle_in_atoms(const EditableParent &parent, const EditScript &script, const Draft &draft,
                              RDKit::RWMol &product) {
  for (unsigned int index = 0; index < script.atoms.size(); ++index) {
    auto &atom = *product.getAtomWithIdx(index);
    if (is_radical(atom)) {
      return "radical";
    }
    if (may_be_cleaned(atom)) {
      return "group that sanitizing may charge";
    }
    if (atom.getChiralTag() != Atom::CHI_UNSPECIFIED && atom.getTotalDegree() != 4) {
      return "stereo centre without four neighbours";
    }
    const int source = draft.parent_atom[index];
    const bool was_aromatic = source >= 0 && parent.atoms[source].getIsAromatic();
    if (atom.getIsAromatic() != was_aromatic) {
      return "changes which atoms are aromatic";
    }
    if (source >= 0 && parent.in_ring[source]) {
      const auto &old = *parent.molecule.getAtomWithIdx(source);
      if (atom.getFormalCharge() != old.getFormalCharge() || atom.getTotalDegree() != old.getTotalDegree()) {
        return "changes the electrons of a ring atom";
      }
    }
  }
  return nullptr;
}

}  // namespace xform
