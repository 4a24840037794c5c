// MolFromSmiles in a shorter way.
//
// Mirrors: SmilesParse/SmilesParse.cpp MolFromSmiles; AddHs.cpp removeHs; MolOps.cpp sanitizeMol;
// Chirality.cpp assignStereochemistry.
#pragma once

#include <GraphMol/RWMol.h>

#include <memory>
#include <string>

namespace xform {

// Only these characters can bring stereo marks into a molecule, or an extension or name after it.
bool may_have_stereo_marks(const std::string &smiles);

// MolFromSmiles for a text without stereo marks, step by step, except for the flag that makes
// assignStereochemistry rank all atoms (CIP) to note where marks would be possible. The notes are properties
// of atoms that nothing here reads: a product loses them as sanitizing begins, and SMARTS do not see them.
// Not ranking saves a twelfth of the time of a row (plants, OMe); atoms without properties are also cheaper
// to copy.
//
// Null where MolFromSmiles returns null; throws what it throws. Without `hybridization`, the molecule may
// lack that and conjugation.
std::unique_ptr<RDKit::RWMol> parse_unmarked(const std::string &smiles, bool hybridization);

}  // namespace xform
