// What RDKit's validation of a reaction finds odd.
#pragma once

#include <GraphMol/ChemReactions/Reaction.h>

#include <string>
#include <vector>

namespace xform {

// The warnings of ChemicalReaction::validate for a reaction without errors, as RDKit words them.
//
// RDKit only counts them for its caller; the words go to its log, a process-wide stream that threads cannot
// share. So what it looks for is looked for here as well, and its count shows whether anything else was
// found.
std::vector<std::string> validation_warnings(const RDKit::ChemicalReaction &reaction);

}  // namespace xform
