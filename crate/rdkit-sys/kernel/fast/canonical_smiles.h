// RDKit's canonical SMILES of a molecule that is not needed afterwards.
#pragma once

#include <GraphMol/RWMol.h>

#include <string>
#include <vector>

namespace xform {

struct CanonicalSmiles {
  std::string text;
  std::vector<unsigned int> atom_order;  // position in `text` -> atom of the molecule
};

// What RDKit::MolToSmiles(molecule) gives with its defaults, character for character, and the atom order
// that it leaves as _smilesAtomOutputOrder. `molecule` must be as sanitizeMol leaves one, with valences up to
// date. Its rings may be unknown if RDKit's rings are sure to have each bond that is on a cycle
// (fixed_rings.h); rings are then found only if they are needed for more than that. Its stereo marks,
// directions and properties are used up.
//
// MolToSmiles copies each fragment with all its properties before it ranks, traverses and writes it. Here
// that is done on the molecule itself where it is one fragment; several fragments are left to MolToSmiles.
// Without stereo marks ranks and traversal are found in a shorter way (canonical_ranks.h, canonical_walk.h).
CanonicalSmiles write_canonical_smiles(RDKit::RWMol &molecule);

}  // namespace xform
