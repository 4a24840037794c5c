// Where a reactant template matches a parent.
#pragma once

#include <GraphMol/ROMol.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <cstdint>
#include <vector>

namespace xform {

struct Parent;
struct Transform;

// One match of the reactant template. `match` has one pair (template atom, parent atom) per template atom, in
// template order; parent atoms are indices of the molecule after MolFromSmiles, or after AddHs if the
// transform takes hydrogens as atoms.
struct Site {
  std::int32_t index;  // from 0, among all matches in the parent
  RDKit::MatchVectType match;
};

// All matches of `pattern`, including several with the same set of atoms, and without a cap on their
// number (RDKit's default stops at 1,000). As in Python's RunReactants(maxProducts=0), which the result
// must equal, a recursive query `$(...)` inside the pattern still uses only its first 1,000 matches.
std::vector<RDKit::MatchVectType> all_matches(const RDKit::ROMol &molecule, const RDKit::ROMol &pattern,
                                              RDKit::SubstructMatchParameters parameters);

// All sites of the transform, ordered by their atoms, compared lexicographically in template order.
std::vector<Site> find_sites(const RDKit::ROMol &parent, const Transform &transform);

// The sites to run, and the numbers of excluded ones. found = run.size() + the four counts.
struct Selection {
  std::vector<Site> run;
  std::uint64_t found = 0;
  std::uint64_t excluded_query = 0;
  std::uint64_t excluded_not_smarts = 0;
  std::uint64_t excluded_sugar = 0;
  std::uint64_t excluded_limit = 0;
};

// A site that is not run, and the filter that excludes it, named as in the counts.
struct ExcludedSite {
  Site site;
  const char *filter;
};

// Finds the sites and applies the filters in the order query, not_smarts, sugar, limit; a site counts for
// the first filter that excludes it. `parent` is the one that the transform reacts (parent.h). The excluded
// sites are added to `excluded` if there is one.
Selection select_sites(Parent &parent, const Transform &transform,
                       std::vector<ExcludedSite> *excluded = nullptr);

}  // namespace xform
