// Stereo marks of a molecule.
#pragma once

#include <GraphMol/ROMol.h>

namespace xform {

// Whether an atom or bond has a stereo mark of any kind, or the molecule has a stereo group.
bool has_stereo_marks(const RDKit::ROMol &molecule);

}  // namespace xform
