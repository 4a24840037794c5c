#include "review/review.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "review/checks.h"
#include "review/subject.h"

namespace xform {

std::vector<Finding> review(const Transform &transform) {
  const Subject subject(transform);
  const Parents parents(subject);
  Findings findings;
  check_mapping(subject, findings);
  check_agents(subject, findings);
  check_always_parent(subject, findings);
  check_kekule_rings(subject, findings);
  check_recursive(subject, findings);
  check_ring_cuts(subject, parents, findings);
  check_valences(subject, parents, findings);
  check_hydrogen_atoms(subject, findings);
  check_stereo(subject, findings);
  check_centres(subject, findings);
  check_product_atoms(subject, findings);
  check_product_bonds(subject, findings);
  check_unsaid(subject, findings);

  auto all = std::move(findings).take();
  const auto place = [](const Finding &finding) {
    return std::make_tuple(finding.pattern.part, finding.pattern.entry,
                           finding.span ? finding.span->begin : 0);
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const Finding &one, const Finding &other) { return place(one) < place(other); });
  return all;
}

}  // namespace xform
