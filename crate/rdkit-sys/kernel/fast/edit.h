// The fast path from a site to its product: an edit instead of reaction runner and sanitizing.
//
// Mirrors: ChemReactions/ReactionRunner.cpp generateOneProductSet, setReactantAtomPropertiesToProduct,
// updateImplicitAtomProperties, addMissingProductAtom, addBondToProduct; AddHs.cpp removeHs; RWMol.cpp
// addBond.
#pragma once

#include <GraphMol/RWMol.h>

#include <memory>

#include "fast/edit_draft.h"
#include "fast/edit_script.h"
#include "fast/editable_parent.h"

namespace xform {

// Edits one parent, and holds what its edits share.
class Editor {
 public:
  explicit Editor(const RDKit::ROMol &parent) : parent_(parent) {}

  // The product of `script` at `match`, as the plain path (product.h) has it before it is written: the
  // same atoms and bonds, in the same order, with the same values of everything that writing a SMILES
  // uses. Writing does not use conjugation, nor the hybridization of atoms without a stereo mark, so these
  // are left out. Rings are left out too if writing seldom needs them, as it does for stereo marks; it
  // then finds them itself (ring_bonds.h). Storing and freeing rings took 4 % of the instructions on
  // polyphenols (OMe), finding those that are not fixed 11 %. Null if the equality is not proved; then
  // `obstacle` gives the reason.
  std::unique_ptr<RDKit::RWMol> edit(const EditScript &script, const RDKit::MatchVectType &match,
                                     const char *&obstacle);

 private:
  const EditableParent parent_;
  Draft draft_;
};

}  // namespace xform
