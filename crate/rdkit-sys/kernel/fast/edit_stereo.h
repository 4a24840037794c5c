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

// Marks the stereo centres. A mark tells clockwise from anticlockwise in the order of the atom's bonds, and
// this order is another in the product, so it is inverted where an odd number of swaps lies between the two.
// Where the template gives an atom more or fewer bonds, the runner has rules of its own, which are followed
// here. Null, or what is not followed.
const char *carry_centres(const EditableParent &parent, const EditScript &script, const Draft &draft,
                          RDKit::RWMol &product);

// Marks the double bonds, and the directions of the single bonds beside them. RDKit finds the rings of
// `product` where it has none.
void carry_double_bonds(const EditableParent &parent, const EditScript &script, const Draft &draft,
                        RDKit::RWMol &product);

}  // namespace xform
