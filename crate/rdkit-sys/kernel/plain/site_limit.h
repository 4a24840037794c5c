// The limit on sites per molecule.
#pragma once

#include <cstdint>
#include <vector>

#include "plain/sites.h"

namespace xform {

struct Parent;

// The `limit` sites that come first by canonical rank (Python's CanonicalRankAtoms(mol), ties broken),
// comparing the sites' lists of ranks lexicographically in template order; returned in the order of `sites`.
// Ranks, and so the choice, do not depend on how the SMILES was spelled.
std::vector<Site> first_by_rank(Parent &parent, std::uint32_t limit, std::vector<Site> sites);

}  // namespace xform
