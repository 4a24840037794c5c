// Stereo marks of the parent, carried over to an edited product as RDKit's reaction runner does it.
//
// Mirrors: ChemReactions/ReactionRunner.cpp checkProductChirality,
// checkAndCorrectChiralityOfMatchingAtomsInProduct, checkAndCorrectChiralityOfProduct,
// forwardReactantBondStereo, translateProductStereoBondDirections, updateStereoBonds.
#pragma once

#include <GraphMol/RWMol.h>

#include "fast/edit_draft.h"
#include "fast/edit_script.h"
#include "fast/editable_parent.h"

namespace xform {

// Marks the stereo centres. A mark distinguishes clockwise from anticlockwise in the order of the atom's
// bonds. That order differs in the product, so the mark is inverted if an odd number of swaps lies between
// the two orders. If the template gives an atom more or fewer bonds, the runner has special rules, which
// are followed here. Null, or a description of the case that is not handled.
const char *carry_centres(const EditableParent &parent, const EditScript &script, const Draft &draft,
                          RDKit::RWMol &product);

// Marks the double bonds, and the directions of the single bonds next to them. RDKit finds the rings of
// `product` if it has none.
void carry_double_bonds(const EditableParent &parent, const EditScript &script, const Draft &draft,
                        RDKit::RWMol &product);

}  // namespace xform
