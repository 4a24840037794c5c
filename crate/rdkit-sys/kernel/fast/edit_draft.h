// The graph of a product, drawn up before any molecule is made.
//
// Mirrors: ChemReactions/ReactionRunner.cpp generateOneProductSet, addReactantAtomsAndBonds,
// addReactantNeighborsToProduct, addMissingProductBonds.
#pragma once

#include <GraphMol/Substruct/SubstructMatch.h>

#include <vector>

#include "fast/edit_script.h"
#include "fast/editable_parent.h"

namespace xform {

// Atoms and bonds of the product of one site, in the order in which RDKit's reaction runner adds them:
// first the template's, then, for each kept atom of the match in turn, those that a breadth-first search
// of the parent reaches. The order matters, because it decides how the canonical ranking breaks ties. What
// is not reached (salts, the far side of a removed atom) is not in the product.
class Draft {
 public:
  struct DraftBond {
    unsigned int begin;
    unsigned int end;
    RDKit::Bond::BondType type;
    int parent_bond;  // -1: new
  };

  // Draws the product of `script` at `match` of `parent`. Reuses the memory of the last drawing.
  void draw(const EditableParent &parent, const EditScript &script, const RDKit::MatchVectType &match);

  // For each atom of the product: the parent's atom; -1 if new. The template's atoms come first.
  std::vector<int> parent_atom;
  std::vector<DraftBond> bonds;
  // For each atom of the parent, and each bond of the parent: its position in the product; -1 if it is not
  // there.
  std::vector<int> product_atom;
  std::vector<int> product_bond;
  // For each atom of the parent: its position in the match; -1 if none.
  std::vector<int> match_position;

 private:
  void begin(const EditableParent &parent, const EditScript &script, const RDKit::MatchVectType &match);
  void add_template_bonds(const EditableParent &parent, const EditScript &script);
  void search_from(unsigned int start, const EditableParent &parent, const EditScript &script);
  void visit(unsigned int atom, EditableParent::Neighbour next, const EditableParent &parent,
             const EditScript &script);
  void add_bond(const EditableParent &parent, unsigned int bond);
  bool is_kept(const EditScript &script, unsigned int atom) const;

  std::vector<bool> visited_;        // by atom of the parent
  std::vector<unsigned int> queue_;  // of the search
};

}  // namespace xform
