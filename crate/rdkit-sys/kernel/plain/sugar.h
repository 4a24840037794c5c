// Sugars, and the sites in them.
#pragma once

#include <GraphMol/ROMol.h>

#include <vector>

#include "plain/sites.h"

namespace xform {

struct Parent;

// By atom: whether it belongs to a circular sugar as defined by the Sugar Removal Utility (Schaub et al.,
// J Cheminform 12:67, 2020): a ring of 5 to 7 atoms, one of them oxygen and the others sp3 carbon, that
// shares no atom with another ring and has single-bonded exocyclic oxygens on at least half as many
// positions as it has atoms. The ring, those oxygens, and the carbon and oxygen of a CH2OH on the ring
// belong to the sugar. The molecule must be sanitized and have its hybridization.
std::vector<bool> find_sugar_atoms(const RDKit::ROMol &molecule);

// The sites without a changed atom (by template atom; see template_diff.h) that is a sugar atom, in order.
std::vector<Site> without_sugars(Parent &parent, const std::vector<bool> &changed, std::vector<Site> sites);

}  // namespace xform
