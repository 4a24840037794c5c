// Sanitization of a parent, without the steps that have nothing to do.
#pragma once

#include <GraphMol/RWMol.h>

namespace xform {

// What MolFromSmiles does with a molecule from the parser: MolOps::removeHs, which sanitizes. Throws as it
// does.
//
// A molecule without hydrogen atoms and metals goes through sanitizeMol's steps one by one. Left out are the
// valences that removeHs and cleanUpOrganometallics compute for all atoms, since the next step computes them
// again from scratch, and the removal of stereo marks from a molecule that has none.
void sanitize_parent(RDKit::RWMol &molecule);

}  // namespace xform
