// Sugars, and the sites in them.
#pragma once

#include <GraphMol/ROMol.h>

#include <vector>

#include "plain/sites.h"

namespace xform {

struct Parent;

// By atom: whether it belongs to a circular sugar in the sense of the Sugar Removal Utility (Schaub et al., J
// Cheminform 12:67, 2020): a ring of 5 to 7 atoms, one of them oxygen and the others sp3 carbon, that shares
// no atom with another ring and bears single-bonded exocyclic oxygens on at least half as many as it has
// atoms. To the sugar belong the ring, those oxygens, and carbon and oxygen of a CH2OH on the ring. The
// molecule must be sanitized and have its hybridization.
std::vector<bool> find_sugar_atoms(const RDKit::ROMol &molecule);

// The sites none of whose changed atoms (by template atom; see template_diff.h) is a sugar atom, in their
// order.
std::vector<Site> without_sugars(Parent &parent, const std::vector<bool> &changed, std::vector<Site> sites);

}  // namespace xform
