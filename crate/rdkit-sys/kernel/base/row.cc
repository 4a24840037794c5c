#include "base/row.h"

#include <algorithm>
#include <utility>

namespace xform {

void ReadRow::clear() {
  smiles.clear();
  lost_groups = lost_details = false;
}

void StandardParent::clear() {
  smiles.clear();
  is_changed = lost_groups = false;
}

void RowResults::reset() {
  outcome = Outcome::kNoSite;
  rejected = false;
  read.clear();
  parent.clear();
  products.clear();
  parent_properties.clear();
  mapped_parent.clear();
  failures.clear();
  tallies.clear();
  all_reject = false;
}

Tally &RowResults::tally(std::uint16_t transform) {
  if (tallies.empty() || tallies.back().transform != transform) {
    tallies.push_back({transform, Tally()});
  }
  return tallies.back().counts;
}

Tally RowResults::counts_of(std::uint16_t transform) const {
  const auto found = std::find_if(tallies.begin(), tallies.end(),
                                  [&](const RowTally &tally) { return tally.transform == transform; });
  if (found != tallies.end()) {
    return found->counts;
  }
  Tally counts;
  (all_reject ? counts.rows_rejected : counts.rows_no_site) = 1;
  return counts;
}

void RowResults::conclude(std::uint16_t transform, Outcome ending) {
  if (ending == Outcome::kNoSite) {
    return;
  }
  auto &tally = this->tally(transform);
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
  parent.clear();
  products.clear();
  parent_properties.clear();
  mapped_parent.clear();
  failures.clear();
  tallies.clear();
  all_reject = true;
  outcome = Outcome::kRejected;
  rejected = true;
}

}  // namespace xform
