// A shorter way to do MolFromSmiles.
//
// Mirrors: SmilesParse/SmilesParse.cpp MolFromSmiles; AddHs.cpp removeHs; MolOps.cpp sanitizeMol;
// Chirality.cpp assignStereochemistry.
#pragma once

#include <GraphMol/RWMol.h>

#include <memory>
#include <string>

namespace xform {

// Whether the text contains one of the characters that can add stereo marks, or an extension or name after
// it.
bool may_have_stereo_marks(const std::string &smiles);

// MolFromSmiles for a text without stereo marks, step by step, but without the flag that makes
// assignStereochemistry rank all atoms (CIP) to note where marks would be possible. The notes are
// properties of atoms that nothing here reads: a product loses them when sanitizing begins, and SMARTS do
// not see them. Without the ranking, a row takes a twelfth less time (plants, OMe); atoms without
// properties are also cheaper to copy.
//
// Null if MolFromSmiles returns null; throws what it throws. Without `hybridization`, the molecule may
// lack that and conjugation.
std::unique_ptr<RDKit::RWMol> parse_unmarked(const std::string &smiles, bool hybridization);

}  // namespace xform
