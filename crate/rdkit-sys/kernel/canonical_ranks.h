// The ranks that order the atoms in canonical SMILES.
#pragma once

#include <GraphMol/ROMol.h>

#include <vector>

namespace xform {

// Whether an atom or bond has a stereo mark of any kind, or the molecule a stereo group.
bool has_stereo_marks(const RDKit::ROMol &molecule);

// By atom: what RDKit::Canon::rankMolAtoms(molecule) gives with its defaults. `molecule` must be sanitized;
// `marked` is has_stereo_marks(molecule).
//
// The algorithm is RDKit's (new_canon.h), with its sort. RDKit looks up the map number among the properties
// of both atoms and sorts their bonds anew at each comparison. Without stereo marks all that it compares
// beside the neighbours' classes is fixed, so it is packed into three words an atom first; bonds are sorted
// once where a class is sorted. Molecules with marks, atoms of more than four bonds, and molecules for which
// RDKit adds its pass for high symmetry are left to rankMolAtoms. Measured on 400 polyphenols (OMe): 177
// million instructions for RDKit's templates with packed atoms, 106 million for these.
std::vector<unsigned int> canonical_ranks(const RDKit::ROMol &molecule, bool marked);

}  // namespace xform
