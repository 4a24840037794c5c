// Sanitization of a product, and when RemoveHs would not change it further.
//
// Mirrors: AddHs.cpp removeHs; MolOps.cpp sanitizeMol.
#pragma once

#include <GraphMol/RWMol.h>

namespace xform {

// Whether removeHs has anything to look at.
bool has_hydrogen_atoms(const RDKit::ROMol &molecule);

// Runs MolOps::sanitizeMol and returns whether MolOps::removeHs, called next with its defaults, would
// leave the molecule unchanged.
//
// removeHs removes hydrogen atoms and then sanitizes once more, whether or not it found any. For a
// molecule without hydrogen atoms it is therefore a second sanitizeMol. That function reads the graph, the
// fields compared here, and nothing else that it has not computed before itself (rings, valences,
// conjugation and hybridization are recomputed from scratch, computed properties cleared at the start). If
// the first run changed none of those fields, the second run reads what the first one read and therefore
// writes what is already there. The comparison costs well under a microsecond; sanitizing costs tens of
// them.
bool sanitize(RDKit::RWMol &molecule);

}  // namespace xform
