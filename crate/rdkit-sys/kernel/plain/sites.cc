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

// Applies filters to sites, one after the other.
class Filtering {
 public:
  Filtering(std::vector<Site> &sites, std::vector<ExcludedSite> *excluded)
      : sites_(sites), excluded_(excluded) {}

  // Applies the filter of that name and returns the number of sites that it excludes.
  template <typename Filter>
  std::uint64_t apply(const char *name, Filter &&filter) {
    const auto count = sites_.size();
    const auto before = excluded_ ? sites_ : std::vector<Site>();
    sites_ = filter(std::move(sites_));
    for (const auto &site : before) {
      if (!is_left(site)) {
        excluded_->push_back({site, name});
      }
    }
    return count - sites_.size();
  }

 private:
  bool is_left(const Site &site) const {
    return std::any_of(sites_.begin(), sites_.end(),
                       [&](const Site &left) { return left.index == site.index; });
  }

  std::vector<Site> &sites_;
  std::vector<ExcludedSite> *const excluded_;
};

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

Selection select_sites(Parent &parent, const Transform &transform, std::vector<ExcludedSite> *excluded) {
  Selection selection;
  auto &sites = selection.run;
  Filtering filtering(sites, excluded);
  sites = find_sites(*parent.molecule, transform);
  selection.found = sites.size();
  if (!sites.empty() && transform.query) {
    selection.excluded_query = filtering.apply(
        "query", [&](auto all) { return transform.query->filter(*parent.molecule, std::move(all), true); });
  }
  for (const auto &query : transform.not_queries) {
    if (!sites.empty()) {
      selection.excluded_not_smarts += filtering.apply(
          "not_smarts", [&](auto all) { return query.filter(*parent.molecule, std::move(all), false); });
    }
  }
  if (!sites.empty() && transform.exclude_sugar_like) {
    selection.excluded_sugar = filtering.apply(
        "sugar", [&](auto all) { return without_sugars(parent, transform.changed, std::move(all)); });
  }
  if (transform.max_sites && sites.size() > *transform.max_sites) {
    selection.excluded_limit = filtering.apply(
        "limit", [&](auto all) { return first_by_rank(parent, *transform.max_sites, std::move(all)); });
  }
  return selection;
}

}  // namespace xform
