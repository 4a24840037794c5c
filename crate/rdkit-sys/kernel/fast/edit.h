// The fast path from a site to its product: an edit in place of reaction runner and sanitizing.
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

// Edits one parent. Holds what its edits share.
class Editor {
 public:
  explicit Editor(const RDKit::ROMol &parent) : parent_(parent) {}

  // The product of `script` at `match`, as the plain path (product.h) has it before it is written: the same
  // atoms and bonds, in the same order, with the same values in whatever writing a SMILES can see. It does
  // not see conjugation, nor hybridization of atoms without a stereo mark: these are left. Rings are left too
  // where writing seldom needs them, as it does for stereo marks; it finds them then (ring_bonds.h). Noting
  // and freeing them were 4 % of the instructions on polyphenols (OMe), finding them where they are not fixed
  // 11 %. Null where the equality is not proved; then `obstacle` says why.
  std::unique_ptr<RDKit::RWMol> edit(const EditScript &script, const RDKit::MatchVectType &match,
                                     const char *&obstacle);

 private:
  const EditableParent parent_;
  Draft draft_;
};

}  // namespace xform
