// The fragments of a parent that a site does not touch, such as counterions. RDKit leaves them out of the
// product.
#pragma once

#include <GraphMol/RWMol.h>
#include <GraphMol/Substruct/SubstructMatch.h>

namespace xform {

// Whether the molecule has several fragments.
bool is_in_fragments(const RDKit::ROMol &molecule);

// Adds to a raw product those fragments of `parent` that have no atom of `match`. Their atoms follow the
// product's, and each notes its index in the parent as RDKit's reactions do.
void add_untouched_fragments(const RDKit::ROMol &parent, const RDKit::MatchVectType &match,
                             RDKit::RWMol &product);

}  // namespace xform
