// The path that canonical SMILES take through a molecule without stereo marks.
//
// Mirrors: Canon.cpp canonicalizeFragment, canonicalDFSTraversal, dfsFindCycles, dfsBuildStack.
#pragma once

#include <GraphMol/RWMol.h>

#include <tuple>
#include <vector>

// Comes after <tuple> and <vector>, which it needs but does not include.
#include <GraphMol/Canon.h>

namespace xform {

// The stack that RDKit::Canon::canonicalizeFragment(molecule, ...) returns if it begins at the atom with
// the lowest rank, except for the numbers of rings, which only have to differ while the rings are open.
// `molecule` is connected and has no stereo marks. It has at most MAX_NATOMS (5,000) atoms, beyond which
// RDKit's order does not follow types and ranks. `ranks` has a different rank for each atom; `ring_bonds`
// states for each bond whether it is in a ring.
//
// RDKit walks twice, and each time lists and sorts the bonds of each atom again; it keeps lists for stereo
// centres and stores the numbers of rings as properties of bonds. Here the bonds are sorted once, and the
// first walk leaves the tree and the closures for the second. Measured on 400 polyphenols (OMe): 156
// million instructions there, 56 million here.
//
// Throws RDKit's ValueErrorException if RDKit does: too many rings are open at once.
RDKit::Canon::MolStack canonical_walk(RDKit::RWMol &molecule, const std::vector<unsigned int> &ranks,
                                      const std::vector<bool> &ring_bonds);

}  // namespace xform
