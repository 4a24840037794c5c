// Whether the product of an edit can do without sanitizeMol.
//
// Mirrors: MolOps.cpp sanitizeMol, cleanUp, assignRadicals; Kekulize.cpp markDbondCands, kekulizeWorker;
// Aromaticity.cpp setAromaticity, isAtomCandForArom, countAtomElec.
#pragma once

#include <GraphMol/RWMol.h>

#include "fast/edit_draft.h"
#include "fast/edit_script.h"
#include "fast/editable_parent.h"

namespace xform {

// What keeps sanitizing from being left out, seen on the graph alone; null: nothing. Together with
// `obstacle_in_atoms` and with what EditableParent says of the parent, this is the proof that rings and
// aromaticity are the parent's, and that atoms outside the template are as they were:
// - Each ring of the parent is in the product with all its bonds or with no atom, and there is no new one: no
// bond between
//   kept atoms is new, and new atoms join none that were not joined (edit_script.cc).
// - No bond is aromatic that was not.
// - No atom outside the template has lost a neighbour.
// - Atoms of the template are aromatic where the parent's are; a ring atom keeps its element and its multiple
//   bonds, and these still lead to the same element (a more electronegative one takes electrons away).
const char *obstacle_in_graph(const EditableParent &parent, const EditScript &script, const Draft &draft,
                              const RDKit::MatchVectType &match);

// The same, of the template's atoms in the finished molecule: a ring atom keeps its charge and its number of
// neighbours, hydrogens counted; no radicals, and no group that cleaning would charge.
const char *obstacle_in_atoms(const EditableParent &parent, const EditScript &script, const Draft &draft,
                              RDKit::RWMol &product);

}  // namespace xform
