// Which atoms a reaction touches, read off its templates.
#pragma once

#include <GraphMol/ChemReactions/Reaction.h>

#include <vector>

namespace xform {

// By atom of the only reactant template: whether the reaction changes or removes it. `reaction` must be
// initialized (initReactantMatchers), since that is what reads charge, isotope and hydrogen count off the
// product templates.
//
// An atom is changed or removed if it has no map number; if its number is missing in a product template or
// occurs twice there; or if a product template gives it another element, charge, isotope, hydrogen count or
// chirality than the reactant template asks for, or other bonds to template atoms (by partner and order; an
// atom without counterpart on the other side is a partner of its own kind). What a product template leaves
// open RDKit copies from the parent, so that counts as unchanged: in `[c:1][OX2H:2]>>[c:1][O:2]C` atom 1 is
// unchanged and atom 2 is changed.
std::vector<bool> changed_atoms(const RDKit::ChemicalReaction &reaction);

}  // namespace xform
