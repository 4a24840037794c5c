// Why a text is no SMILES, in RDKit's words.
#pragma once

#include <string>

namespace xform {

// Explains why v2::SmilesParse::MolFromSmiles gave a null pointer for `smiles`, for example "syntax error
// while parsing, check for mistakes around position 3". Empty if nothing is found to be wrong.
//
// MolFromSmiles knows the reason and writes it to RDKit's error log only, a process-wide stream that threads
// cannot share. So a refused row, and only that, is parsed once more with the steps of RDKit's
// SmilesParse.cpp
// (`toMol`, `smiles_parse_helper`), whose exceptions do reach us.
std::string explain_syntax(const std::string &smiles);

}  // namespace xform
