#include "batch.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "xform-rdkit-sys/src/batch.rs.h"

namespace xform {
namespace {

template <typename Value>
rust::Slice<const Value> slice(const std::vector<Value> &values) {
  return {values.data(), values.size()};
}

void check_offsets(rust::Slice<const std::uint8_t> bytes, rust::Slice<const std::uint32_t> offsets) {
  if (offsets.empty() || offsets.front() != 0 || offsets.back() != bytes.size() ||
      !std::is_sorted(offsets.begin(), offsets.end())) {
    throw std::invalid_argument("offsets must begin with 0, ascend, and end with the number of bytes");
  }
}

Counts counts_of(const Tally &tally) {
  Counts counts;
  counts.rows_with_products = tally.rows_with_products;
  counts.rows_no_site = tally.rows_no_site;
  counts.rows_all_sites_excluded = tally.rows_all_sites_excluded;
  counts.rows_rejected = tally.rows_rejected;
  counts.sites = tally.sites;
  counts.sites_applied = tally.sites_applied;
  counts.sites_excluded_query = tally.sites_excluded_query;
  counts.sites_excluded_sugar = tally.sites_excluded_sugar;
  counts.sites_excluded_limit = tally.sites_excluded_limit;
  counts.sites_failed = tally.sites_failed;
  counts.results = tally.results;
  counts.results_repeated = tally.results_repeated;
  counts.results_failed = tally.results_failed;
  counts.products = tally.products;
  return counts;
}

Failure failure_of(const BatchFailure &failure) {
  const auto &[row, record] = failure;
  return {row,
          record.transform,
          record.site,
          static_cast<FailureStage>(record.stage),
          static_cast<FailureCode>(record.reason.code),
          rust::String::lossy(record.reason.words)};
}

}  // namespace

// The enums on both sides are cast into each other.
static_assert(static_cast<int>(FailureStage::Parse) == static_cast<int>(Stage::kParse));
static_assert(static_cast<int>(FailureStage::Match) == static_cast<int>(Stage::kMatch));
static_assert(static_cast<int>(FailureStage::Reaction) == static_cast<int>(Stage::kReaction));
static_assert(static_cast<int>(FailureStage::Sanitize) == static_cast<int>(Stage::kSanitize));
static_assert(static_cast<int>(FailureStage::RemoveHs) == static_cast<int>(Stage::kRemoveHs));
static_assert(static_cast<int>(FailureStage::Write) == static_cast<int>(Stage::kWrite));
static_assert(static_cast<int>(FailureCode::Syntax) == static_cast<int>(Code::kSyntax));
static_assert(static_cast<int>(FailureCode::Valence) == static_cast<int>(Code::kValence));
static_assert(static_cast<int>(FailureCode::Kekulize) == static_cast<int>(Code::kKekulize));
static_assert(static_cast<int>(FailureCode::Sanitize) == static_cast<int>(Code::kSanitize));
static_assert(static_cast<int>(FailureCode::NullResult) == static_cast<int>(Code::kNullResult));
static_assert(static_cast<int>(FailureCode::Exception) == static_cast<int>(Code::kException));
static_assert(static_cast<int>(FailureCode::OutOfMemory) == static_cast<int>(Code::kOutOfMemory));
static_assert(static_cast<int>(RowOutcome::NoSite) == static_cast<int>(Outcome::kNoSite));
static_assert(static_cast<int>(RowOutcome::AllSitesExcluded) == static_cast<int>(Outcome::kAllSitesExcluded));
static_assert(static_cast<int>(RowOutcome::Rejected) == static_cast<int>(Outcome::kRejected));
static_assert(static_cast<int>(RowOutcome::WithProducts) == static_cast<int>(Outcome::kWithProducts));

std::unique_ptr<Kernel> new_kernel() { return std::make_unique<Kernel>(); }

void add_transform(Kernel &kernel, std::unique_ptr<Transform> transform) { kernel.add(std::move(transform)); }

void run_batch(Kernel &kernel, rust::Slice<const std::uint8_t> bytes,
               rust::Slice<const std::uint32_t> offsets) {
  check_offsets(bytes, offsets);
  const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  kernel.run(text, offsets.data(), offsets.size() - 1);
}

RowView row_view(const Kernel &kernel) {
  const auto &columns = kernel.columns();
  return {slice(columns.outcomes), slice(columns.rejected)};
}

ProductView product_view(const Kernel &kernel) {
  const auto &products = kernel.columns().products;
  return {slice(products.row),
          slice(products.transform),
          slice(products.product_index),
          slice(products.site_index),
          slice(products.site_count),
          slice(products.site_atoms.values),
          slice(products.site_atoms.offsets),
          slice(products.product_site_atoms.values),
          slice(products.product_site_atoms.offsets),
          slice(products.smiles.values),
          slice(products.smiles.offsets)};
}

rust::Vec<Failure> failures(const Kernel &kernel) {
  rust::Vec<Failure> all;
  for (const auto &failure : kernel.columns().failures) {
    all.push_back(failure_of(failure));
  }
  return all;
}

rust::Vec<Counts> counts(const Kernel &kernel) {
  rust::Vec<Counts> all;
  for (const auto &tally : kernel.columns().tallies) {
    all.push_back(counts_of(tally));
  }
  return all;
}

}  // namespace xform
