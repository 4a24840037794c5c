// `query_smarts` and `not_smarts`: where a transform may act, and where it must not.
#pragma once

#include <GraphMol/ROMol.h>

#include <memory>
#include <string>
#include <vector>

#include "plain/sites.h"

namespace xform {

// A pattern that shared map numbers tie to a reactant template. It accepts a site if one of its matches
// puts every shared number on the same atom as the site.
class SiteQuery {
 public:
  // Throws UnusablePattern if `smarts` does not parse, has a map number twice, or shares no map number
  // with `reactant`.
  SiteQuery(const std::string &smarts, const RDKit::ROMol &reactant);

  const RDKit::ROMol &pattern() const { return *pattern_; }

  // The sites that the query accepts, or if not `accepted` the others, in order.
  std::vector<Site> filter(const RDKit::ROMol &parent, std::vector<Site> sites, bool accepted) const;

 private:
  // Parent atoms of the shared numbers, ascending by number.
  using Anchor = std::vector<int>;

  std::vector<Anchor> anchors(const RDKit::ROMol &parent) const;

  std::unique_ptr<RDKit::ROMol> pattern_;
  std::vector<int> pattern_atoms_;   // the shared numbers' atoms in the pattern, ascending by number
  std::vector<int> template_atoms_;  // the same in the reactant template
};

}  // namespace xform
