// RDKit's canonical SMILES of a molecule that is not needed afterwards.
//
// Mirrors: SmilesParse/SmilesWrite.cpp MolToSmiles, FragmentSmilesConstruct, GetAtomSmiles,
// atomNeedsBracket, GetBondSmiles.
#pragma once

#include <GraphMol/RWMol.h>

#include "fast/fast.h"

namespace xform {

// The result of RDKit::MolToSmiles(molecule) with its defaults, character for character, and the atom
// order that it stores as _smilesAtomOutputOrder. `molecule` must be in the state in which sanitizeMol
// leaves it, with valences up to date. Its rings may be unknown if RDKit's rings are sure to have each
// bond that is on a cycle (fixed_rings.h); they are then found only if they are needed for more than that.
// The function changes its stereo marks, directions and properties.
//
// MolToSmiles copies each fragment with all its properties before it ranks, traverses and writes it. Here
// that is done on the molecule itself. False if it is not one fragment; then its rings are known, as
// MolToSmiles needs them. Without stereo marks, ranks and traversal are found in a shorter way
// (canonical_ranks.h, canonical_walk.h).
bool write_canonical_smiles(RDKit::RWMol &molecule, CanonicalSmiles &smiles);

}  // namespace xform
