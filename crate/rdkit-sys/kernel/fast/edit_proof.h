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

// What prevents sanitizing from being skipped, judged by the graph alone; null if nothing does. Together
// with `obstacle_in_atoms` and the facts that EditableParent has about the parent, this is the proof that
// rings and aromaticity are the parent's, and that atoms outside the template are unchanged:
// - Each ring of the parent is in the product either with all its bonds or with no atom, and there is no
//   new ring: no bond between kept atoms is new, and new atoms join only atoms that were already joined
//   (edit_script.cc).
// - No bond has become aromatic.
// - No atom outside the template has lost a neighbour.
// - Atoms of the template are aromatic if the parent's are; a ring atom keeps its element and its multiple
//   bonds, and these still lead to the same element (a more electronegative one takes electrons away).
const char *obstacle_in_graph(const EditableParent &parent, const EditScript &script, const Draft &draft,
                              const RDKit::MatchVectType &match);

// What prevents it, judged by the template's atoms in the finished molecule: a ring atom must keep its
// charge and its number of neighbours, including hydrogens; there must be no radicals, and no group that
// cleaning would charge.
const char *obstacle_in_atoms(const EditableParent &parent, const EditScript &script, const Draft &draft,
                              RDKit::RWMol &product);

}  // namespace xform
