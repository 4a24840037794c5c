#include "fast/edit.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/PeriodicTable.h>
#include <GraphMol/RingInfo.h>
#include <GraphMol/SanitException.h>

#include <algorithm>
#include <vector>

#include "base/elements.h"
#include "fast/edit_proof.h"
#include "fast/edit_stereo.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::RWMol;

// The properties that the reaction runner copies from the parent.
void take_from_parent(Atom &atom, const ScriptAtom &script, const Atom &old) {
  if (script.takes_element) {
    atom.setAtomicNum(old.getAtomicNum());
    atom.setIsAromatic(old.getIsAromatic());
  }
  atom.setHybridization(old.getHybridization());
  if (atom.getAtomicNum() != old.getAtomicNum()) {
    return;
  }
  if (script.keeps_charge) {
    atom.setFormalCharge(old.getFormalCharge());
  }
  if (script.keeps_isotope) {
    atom.setIsotope(old.getIsotope());
  }
  if (script.keeps_hydrogens) {
    atom.setNumExplicitHs(old.getNumExplicitHs());
    atom.setNoImplicit(old.getNoImplicit());
  }
}

// Reserves memory in the graph of a product for its atoms, and for the bonds of each atom. RDKit has no
// function for that, and a growing graph allocates at each atom and at its first, second and third bond.
class Room {
 public:
  Room(const Draft &draft, RWMol &product)
      // The product is not const; RDKit only exposes its graph as const.
      : graph_(const_cast<RDKit::MolGraph &>(product.getTopology())), degrees_(draft.parent_atom.size(), 0) {
    graph_.m_vertices.reserve(degrees_.size());
    for (const auto &bond : draft.bonds) {
      ++degrees_[bond.begin];
      ++degrees_[bond.end];
    }
  }

  void reserve_bonds() {
    for (std::size_t atom = 0; atom < degrees_.size(); ++atom) {
      graph_.m_vertices[atom].m_out_edges.reserve(degrees_[atom]);
    }
  }

 private:
  RDKit::MolGraph &graph_;
  std::vector<std::size_t> degrees_;  // by atom
};

void add_atoms(const EditableParent &parent, const EditScript &script, const Draft &draft, RWMol &product) {
  const bool update_label = false, take_ownership = true;
  for (std::size_t index = 0; index < draft.parent_atom.size(); ++index) {
    const int source = draft.parent_atom[index];
    std::unique_ptr<Atom> atom;
    if (index < script.atoms.size()) {
      atom = std::make_unique<Atom>(script.atoms[index].prototype);
      if (source >= 0) {
        take_from_parent(*atom, script.atoms[index], *parent.molecule.getAtomWithIdx(source));
      }
    } else {
      atom = std::make_unique<Atom>(parent.atoms[source]);
    }
    product.addAtom(atom.release(), update_label, take_ownership);
  }
}

void add_bonds(const EditScript &script, const Draft &draft, RWMol &product) {
  const bool take_ownership = true;
  for (std::size_t index = 0; index < draft.bonds.size(); ++index) {
    const auto &drawn = draft.bonds[index];
    auto bond = std::make_unique<Bond>(drawn.type);
    bond->setBeginAtomIdx(drawn.begin);
    bond->setEndAtomIdx(drawn.end);
    if (drawn.type == Bond::AROMATIC) {
      bond->setIsAromatic(true);
      if (index >= script.bonds.size()) {
        // As RWMol::addBond does: this is how template atoms that are not aromatic themselves become
        // aromatic.
        product.getAtomWithIdx(drawn.begin)->setIsAromatic(true);
        product.getAtomWithIdx(drawn.end)->setIsAromatic(true);
      }
    }
    product.addBond(bond.release(), take_ownership);
  }
}

void copy_rings(const EditableParent &parent, const Draft &draft, RWMol &product) {
  const auto &old = *parent.molecule.getRingInfo();
  auto &rings = *product.getRingInfo();
  rings.initialize(RDKit::FIND_RING_TYPE_SYMM_SSSR);
  RDKit::INT_VECT atoms, bonds;
  for (unsigned int ring = 0; ring < old.numRings(); ++ring) {
    if (draft.product_atom[old.atomRings()[ring].front()] < 0) {
      continue;
    }
    atoms.clear();
    bonds.clear();
    for (const int atom : old.atomRings()[ring]) {
      atoms.push_back(draft.product_atom[atom]);
    }
    for (const int bond : old.bondRings()[ring]) {
      bonds.push_back(draft.product_bond[bond]);
    }
    rings.addRing(atoms, bonds);
  }
}

// Sets of rings, each as its sorted bonds.
using RingBonds = std::vector<RDKit::INT_VECT>;

void sort_rings(RingBonds &rings) {
  for (auto &ring : rings) {
    std::sort(ring.begin(), ring.end());
  }
  std::sort(rings.begin(), rings.end());
}

// Whether the rings that RDKit finds in the product, which become its rings, are the parent's.
bool finds_parents_rings(const EditableParent &parent, const Draft &draft, RWMol &product) {
  RDKit::VECT_INT_VECT found;
  RDKit::MolOps::symmetrizeSSSR(product, found);
  RingBonds now = product.getRingInfo()->bondRings();
  RingBonds before;
  for (const auto &ring : parent.molecule.getRingInfo()->bondRings()) {
    if (draft.product_bond[ring.front()] < 0) {
      continue;
    }
    before.emplace_back();
    for (const int bond : ring) {
      before.back().push_back(draft.product_bond[bond]);
    }
  }
  sort_rings(now);
  sort_rings(before);
  return now == before;
}

bool has_double_bond(const Atom &atom) {
  for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
    if (bond->getBondType() == Bond::DOUBLE) {
      return true;
    }
  }
  return false;
}

// Gives `atom` the template hydrogens that RemoveHs would merge into it. False if RemoveHs would do more
// than that.
bool merge_hydrogens(Atom &atom, unsigned int hydrogens) {
  if (hydrogens == 0) {
    return true;
  }
  if (atom.getIsAromatic() || has_double_bond(atom)) {
    return false;  // at an end of a double bond, a hydrogen may define its stereo
  }
  if (atom.getNoImplicit()) {
    atom.setNumExplicitHs(atom.getNumExplicitHs() + hydrogens);
    atom.updatePropertyCache(true);
    return true;
  }
  // They become implicit hydrogens if there is room for them, and more are added only up to the same
  // valence.
  const auto &valences = RDKit::PeriodicTable::getTable()->getValenceList(atom.getAtomicNum());
  return valences.size() == 1 && atom.getNumImplicitHs() >= hydrogens;
}

// Sets the valences of the template's atoms. False if RDKit may not permit them or may find different
// ones.
bool settle_valences(const EditScript &script, RWMol &product) {
  for (unsigned int index = 0; index < script.atoms.size(); ++index) {
    auto &atom = *product.getAtomWithIdx(index);
    try {
      atom.updatePropertyCache(true);
      if (!merge_hydrogens(atom, script.atoms[index].hydrogens)) {
        return false;
      }
      free_pyrrole_hydrogen(atom);
    } catch (const RDKit::MolSanitizeException &) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::unique_ptr<RWMol> Editor::edit(const EditScript &script, const RDKit::MatchVectType &match,
                                    const char *&obstacle) {
  obstacle = parent_.obstacle;
  if (obstacle) {
    return nullptr;
  }
  draft_.draw(parent_, script, match);
  obstacle = obstacle_in_graph(parent_, script, draft_, match);
  if (obstacle) {
    return nullptr;
  }
  auto product = std::make_unique<RWMol>();
  Room room(draft_, *product);
  add_atoms(parent_, script, draft_, *product);
  room.reserve_bonds();
  add_bonds(script, draft_, *product);
  obstacle = carry_centres(parent_, script, draft_, *product);
  if (obstacle) {
    return nullptr;
  }
  if (!settle_valences(script, *product)) {
    obstacle = "valence";
    return nullptr;
  }
  obstacle = obstacle_in_atoms(parent_, script, draft_, *product);
  if (obstacle) {
    return nullptr;
  }
  if (parent_.rings_may_differ && !finds_parents_rings(parent_, draft_, *product)) {
    obstacle = "rings found in the product are others";
    return nullptr;
  }
  if (parent_.rings_are_fixed && parent_.has_stereo_marks()) {
    copy_rings(parent_, draft_, *product);
  }
  carry_double_bonds(parent_, script, draft_, *product);
  return product;
}

}  // namespace xform
