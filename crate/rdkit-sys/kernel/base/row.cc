#include "base/row.h"

#include <algorithm>
#include <utility>

namespace xform {

void RowResults::reset(std::size_t transforms) {
  outcome = Outcome::kNoSite;
  rejected = false;
  products.clear();
  failures.clear();
  tallies.assign(transforms, Tally());
}

void RowResults::conclude(std::uint16_t transform, Outcome ending) {
  auto &tally = tallies[transform];
  tally.rows_no_site += ending == Outcome::kNoSite;
  tally.rows_all_sites_excluded += ending == Outcome::kAllSitesExcluded;
  tally.rows_rejected += ending == Outcome::kRejected;
  tally.rows_with_products += ending == Outcome::kWithProducts;
  outcome = std::max(outcome, ending);
  rejected = rejected || ending == Outcome::kRejected;
}

void RowResults::fail(std::int32_t transform, std::int32_t site, Stage stage, Reason reason) {
  failures.push_back({transform, site, stage, std::move(reason)});
}

void RowResults::refuse(std::uint16_t transform, Stage stage, Reason reason) {
  fail(transform, kNone, stage, std::move(reason));
  conclude(transform, Outcome::kRejected);
}

void RowResults::refuse_row(Stage stage, Reason reason) {
  reject();
  fail(kNone, kNone, stage, std::move(reason));
}

void RowResults::reject() {
  products.clear();
  failures.clear();
  for (std::size_t transform = 0; transform < tallies.size(); ++transform) {
    tallies[transform] = Tally();
    conclude(static_cast<std::uint16_t>(transform), Outcome::kRejected);
  }
  outcome = Outcome::kRejected;
  rejected = true;
}

}  // namespace xform
