#include "plain/site_limit.h"

#include <GraphMol/new_canon.h>

#include <algorithm>
#include <utility>

#include "plain/parent.h"

namespace xform {
namespace {

const std::vector<unsigned int> &canonical_ranks(Parent &parent) {
  if (!parent.canonical_ranks) {
    std::vector<unsigned int> ranks;
    RDKit::Canon::rankMolAtoms(*parent.molecule, ranks);  // with the same defaults as CanonicalRankAtoms
    parent.canonical_ranks = std::move(ranks);
  }
  return *parent.canonical_ranks;
}

std::vector<unsigned int> ranks_of(const Site &site, const std::vector<unsigned int> &ranks) {
  std::vector<unsigned int> of_site;
  of_site.reserve(site.match.size());
  for (const auto &pair : site.match) {
    of_site.push_back(ranks[pair.second]);
  }
  return of_site;
}

}  // namespace

std::vector<Site> first_by_rank(Parent &parent, std::uint32_t limit, std::vector<Site> sites) {
  const auto &ranks = canonical_ranks(parent);
  std::vector<std::pair<std::vector<unsigned int>, Site>> ranked;
  ranked.reserve(sites.size());
  for (auto &site : sites) {
    auto of_site = ranks_of(site, ranks);
    ranked.emplace_back(std::move(of_site), std::move(site));
  }
  std::sort(ranked.begin(), ranked.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
  sites.clear();
  for (std::size_t i = 0; i < ranked.size() && i < limit; ++i) {
    sites.push_back(std::move(ranked[i].second));
  }
  std::sort(sites.begin(), sites.end(), [](const Site &a, const Site &b) { return a.index < b.index; });
  return sites;
}

}  // namespace xform
