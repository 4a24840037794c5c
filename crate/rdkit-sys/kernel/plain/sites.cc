#include "plain/sites.h"

#include <RDGeneral/types.h>

#include <algorithm>
#include <utility>

#include "plain/parent.h"
#include "plain/site_limit.h"
#include "plain/sugar.h"
#include "plain/transform.h"

namespace xform {
namespace {

// RunReactants skips matches with an atom that has this property, which a CXSMILES extension can set.
bool touches_protected_atom(const RDKit::ROMol &parent, const RDKit::MatchVectType &match) {
  return std::any_of(match.begin(), match.end(), [&](const auto &pair) {
    return parent.getAtomWithIdx(pair.second)->hasProp(RDKit::common_properties::_protected);
  });
}

std::vector<Site> numbered(std::vector<RDKit::MatchVectType> matches) {
  std::vector<Site> sites;
  sites.reserve(matches.size());
  for (auto &match : matches) {
    sites.push_back({static_cast<std::int32_t>(sites.size()), std::move(match)});
  }
  return sites;
}

// Applies one filter and returns the number of sites that it excludes.
template <typename Filter>
std::uint64_t apply_filter(std::vector<Site> &sites, Filter &&filter) {
  const auto before = sites.size();
  sites = filter(std::move(sites));
  return before - sites.size();
}

}  // namespace

std::vector<RDKit::MatchVectType> all_matches(const RDKit::ROMol &molecule, const RDKit::ROMol &pattern,
                                              RDKit::SubstructMatchParameters parameters) {
  parameters.uniquify = false;
  parameters.maxMatches = 0;  // no cap; a huge number would lift the cap on recursive queries too
  return RDKit::SubstructMatch(molecule, pattern, parameters);
}

std::vector<Site> find_sites(const RDKit::ROMol &parent, const Transform &transform) {
  auto matches = all_matches(parent, transform.reactant(), transform.reaction->getSubstructParams());
  matches.erase(std::remove_if(matches.begin(), matches.end(),
                               [&](const auto &match) { return touches_protected_atom(parent, match); }),
                matches.end());
  // The template atoms of all pairs are 0, 1, 2, ..., so this compares the parent atoms.
  std::sort(matches.begin(), matches.end());
  return numbered(std::move(matches));
}

Selection select_sites(Parent &parent, const Transform &transform) {
  Selection selection;
  auto &sites = selection.run;
  sites = find_sites(*parent.molecule, transform);
  selection.found = sites.size();
  if (!sites.empty() && transform.query) {
    selection.excluded_query = apply_filter(
        sites, [&](auto all) { return transform.query->filter(*parent.molecule, std::move(all), true); });
  }
  for (const auto &query : transform.not_queries) {
    if (!sites.empty()) {
      selection.excluded_not_smarts += apply_filter(
          sites, [&](auto all) { return query.filter(*parent.molecule, std::move(all), false); });
    }
  }
  if (!sites.empty() && transform.exclude_sugar_like) {
    selection.excluded_sugar = apply_filter(
        sites, [&](auto all) { return without_sugars(parent, transform.changed, std::move(all)); });
  }
  if (transform.max_sites && sites.size() > *transform.max_sites) {
    selection.excluded_limit = apply_filter(
        sites, [&](auto all) { return first_by_rank(parent, *transform.max_sites, std::move(all)); });
  }
  return selection;
}

}  // namespace xform
