// Which atoms a reaction changes, judged by its templates.
#pragma once

#include <GraphMol/ChemReactions/Reaction.h>

#include <vector>

namespace xform {

// For each atom of the only reactant template: whether the reaction changes or removes it. `reaction` must
// be initialized (initReactantMatchers), which reads charge, isotope and hydrogen count from the product
// templates.
//
// An atom is changed or removed if it has no map number; if its number is missing in a product template or
// occurs twice there; or if a product template gives it a different element, charge, isotope, hydrogen
// count or chirality from those that the reactant template requires, or different bonds to template atoms
// (by partner and order; an atom without a counterpart on the other side is a distinct partner). RDKit
// copies what a product template leaves open from the parent, so that counts as unchanged: in
// `[c:1][OX2H:2]>>[c:1][O:2]C` atom 1 is unchanged and atom 2 is changed.
std::vector<bool> changed_atoms(const RDKit::ChemicalReaction &reaction);

}  // namespace xform
