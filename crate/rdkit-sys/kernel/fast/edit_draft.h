// The graph of a product, drawn before any molecule is made.
//
// Mirrors: ChemReactions/ReactionRunner.cpp generateOneProductSet, addReactantAtomsAndBonds,
// addReactantNeighborsToProduct, addMissingProductBonds.
#pragma once

#include <GraphMol/Substruct/SubstructMatch.h>

#include <vector>

#include "fast/edit_script.h"
#include "fast/editable_parent.h"

namespace xform {

// Atoms and bonds of the product of one site, in the order in which RDKit's reaction runner adds them: first
// the template's, then, from each kept atom of the match in turn, what a breadth first search of the parent
// reaches. The order matters: it decides where the canonical ranking breaks ties. What is not reached
// (salts, the far side of a removed atom) is not in the product.
class Draft {
 public:
  struct DraftBond {
    unsigned int begin;
    unsigned int end;
    RDKit::Bond::BondType type;
    int parent_bond;  // -1: new
  };

  // Draws the product of `script` at `match` of `parent`. The parts of the last drawing are used again.
  void draw(const EditableParent &parent, const EditScript &script, const RDKit::MatchVectType &match);

  // By atom of the product: the parent's that it is; -1: new. The template's come first.
  std::vector<int> parent_atom;
  std::vector<DraftBond> bonds;
  // By atom of the parent, by bond of the parent: position in the product; -1: not there.
  std::vector<int> product_atom;
  std::vector<int> product_bond;
  // By atom of the parent: position in the match; -1: none.
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
