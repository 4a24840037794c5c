// Why a text is not valid SMILES, with RDKit's message.
#pragma once

#include <string>

namespace xform {

// Explains why v2::SmilesParse::MolFromSmiles returned a null pointer for `smiles`, for example "syntax
// error while parsing, check for mistakes around position 3". Empty if no fault is found.
//
// MolFromSmiles knows the reason but writes it only to RDKit's error log, a process-wide stream that
// threads cannot share. A refused row, and only that, is therefore parsed once more with the steps of
// RDKit's SmilesParse.cpp (`toMol`, `smiles_parse_helper`), whose exceptions do reach us.
std::string explain_syntax(const std::string &smiles);

}  // namespace xform
