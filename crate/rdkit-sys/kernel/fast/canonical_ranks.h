// The ranks that order the atoms in canonical SMILES.
//
// Mirrors: new_canon.cpp rankMolAtoms, getBonds; new_canon.h AtomCompareFunctor,
// SpecialChiralityAtomCompareFunctor, RefinePartitions, BreakTies; ../RDGeneral/hanoiSort.h hanoisort.
#pragma once

#include <GraphMol/RWMol.h>

#include <vector>

namespace xform {

// For each atom, the result of RDKit::Canon::rankMolAtoms(molecule) with its defaults when the rings are
// known. `molecule` must be sanitized except for its rings, and must not have stereo marks. Its rings are
// found if the ranking needs the number of rings of an atom. `ring_bonds`: by bond, whether it is in a
// ring.
//
// The algorithm is RDKit's (new_canon.h), with its sort. RDKit looks up the map number among the
// properties of both atoms, and sorts their bonds, at each comparison. Without stereo marks, everything
// that it compares except the neighbours' classes is fixed, so it is packed into three words per atom
// first; bonds are sorted once when a class is sorted. Atoms with more than four bonds, and molecules for
// which RDKit adds its pass for high symmetry, are left to rankMolAtoms. Measured on 400 polyphenols
// (OMe): 177 million instructions for RDKit's templates with packed atoms, 106 million for these.
std::vector<unsigned int> canonical_ranks(RDKit::RWMol &molecule, const std::vector<bool> &ring_bonds);

}  // namespace xform
