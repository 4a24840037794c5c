// The problems that RDKit's validation of a reaction reports.
#pragma once

#include <GraphMol/ChemReactions/Reaction.h>

#include <string>
#include <vector>

namespace xform {

// The warnings of ChemicalReaction::validate for a reaction without errors, in RDKit's words.
//
// RDKit only returns their number; the text goes to its log, a process-wide stream that threads cannot
// share. Its checks are therefore repeated here, and its count shows whether it found anything else.
std::vector<std::string> validation_warnings(const RDKit::ChemicalReaction &reaction);

}  // namespace xform
