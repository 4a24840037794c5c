// The way that canonical SMILES take through a molecule without stereo marks.
//
// Mirrors: Canon.cpp canonicalizeFragment, canonicalDFSTraversal, dfsFindCycles, dfsBuildStack.
#pragma once

#include <GraphMol/RWMol.h>

#include <tuple>
#include <vector>

// After <tuple> and <vector>, which it needs and does not include.
#include <GraphMol/Canon.h>

namespace xform {

// What RDKit::Canon::canonicalizeFragment(molecule, ...) leaves in its stack when it begins at the atom of
// the lowest rank; except for the numbers of rings, which only have to be different ones while they are open.
// `molecule` is connected, has at most MAX_NATOMS (5,000) atoms, beyond which RDKit's order is not one of
// types and ranks, and no stereo marks; `ranks` has a rank of its own for each atom, `ring_bonds` tells by
// bond whether it is in a ring.
//
// RDKit walks twice, and each time lists and sorts the bonds of each atom anew; it keeps lists for stereo
// centres and notes the numbers of rings as properties of bonds. Here they are sorted once, and the first
// walk leaves the tree and the closures for the second. Measured on 400 polyphenols (OMe): 156 million
// instructions there, 56 million here.
//
// Throws RDKit's ValueErrorException where RDKit does: too many rings open at once.
RDKit::Canon::MolStack canonical_walk(RDKit::RWMol &molecule, const std::vector<unsigned int> &ranks,
                                      const std::vector<bool> &ring_bonds);

}  // namespace xform
