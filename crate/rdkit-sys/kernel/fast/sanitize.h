// Sanitization of a product, and when RemoveHs has nothing to add to it.
//
// Mirrors: AddHs.cpp removeHs; MolOps.cpp sanitizeMol.
#pragma once

#include <GraphMol/RWMol.h>

namespace xform {

// Runs MolOps::sanitizeMol and tells whether MolOps::removeHs, called next with its defaults, would leave the
// molecule as it is.
//
// removeHs takes out hydrogen atoms and then sanitizes once more, whether or not it found any. A molecule
// without hydrogen atoms therefore comes out of it as out of a second sanitizeMol. That function reads the
// graph, the fields compared here, and nothing else that it has not itself computed before (rings, valences,
// conjugation and hybridization are recomputed from scratch, computed properties cleared at the start). If
// the first run left all of those fields as they were, the second run reads what the first one read and so
// writes what is there already. The comparison costs well under a microsecond; sanitizing costs tens of them.
bool sanitize(RDKit::RWMol &molecule);

}  // namespace xform
