// The results of one row, before they are added to the batch's columns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/failure.h"

namespace xform {

// The four outcomes of a row, worst first, so that the best of several is their maximum.
enum class Outcome : std::uint8_t { kNoSite, kAllSitesExcluded, kRejected, kWithProducts };

// Counts of one transform. The following always holds, and therefore also for any sum of them:
//   rows    = rows_with_products + rows_no_site + rows_all_sites_excluded + rows_rejected
//   sites   = sites_applied + sites_excluded_query + sites_excluded_sugar + sites_excluded_limit
//             + sites_failed
//   results = products + results_repeated + results_failed
//           = (sites_applied + sites_failed) x product templates
struct Tally {
  std::uint64_t rows_with_products = 0;
  std::uint64_t rows_no_site = 0;
  std::uint64_t rows_all_sites_excluded = 0;
  std::uint64_t rows_rejected = 0;
  std::uint64_t sites = 0;
  std::uint64_t sites_applied = 0;
  std::uint64_t sites_excluded_query = 0;
  std::uint64_t sites_excluded_sugar = 0;
  std::uint64_t sites_excluded_limit = 0;
  std::uint64_t sites_failed = 0;
  std::uint64_t results = 0;
  std::uint64_t results_repeated = 0;
  std::uint64_t results_failed = 0;
  std::uint64_t products = 0;

  Tally &operator+=(const Tally &other);
};

constexpr std::int32_t kNone = -1;

// A finished product.
struct WrittenProduct {
  std::string smiles;  // canonical
  // Atoms kept from the site and atoms new to it, as ascending positions in `smiles`: the atoms of the
  // product template that are left after RemoveHs.
  std::vector<std::int32_t> site_atoms;
};

// A distinct product of the row and a transform.
struct ProductRecord {
  std::uint16_t transform;
  std::int32_t product_index;  // product template, from 0, of the first result that gave it
  std::int32_t site_index;     // lowest site that gives it
  std::int32_t site_count;     // sites that give it
  std::vector<std::int32_t> site_atoms;
  WrittenProduct written;
};

// A bad row (transform and site kNone), a row that one transform rejects as a whole (site kNone), or a result
// that could not be made.
struct FailureRecord {
  std::int32_t transform;
  std::int32_t site;
  Stage stage;
  Reason reason;
};

// One row's results, in the order (transform, site, product template).
struct RowResults {
  Outcome outcome = Outcome::kNoSite;  // the best outcome of any transform
  bool rejected = false;               // whether at least one transform counts it as rejected
  std::vector<ProductRecord> products;
  std::vector<FailureRecord> failures;
  std::vector<Tally> tallies;  // one per transform

  // Empties it for the next row, keeping the memory.
  void reset(std::size_t transforms);

  // Records the outcome of the row for one transform.
  void conclude(std::uint16_t transform, Outcome outcome);

  // Records a failure; site kNone: of the row as a whole, transform kNone: of all transforms.
  void fail(std::int32_t transform, std::int32_t site, Stage stage, Reason reason);

  // Records that `transform` rejects the row as a whole.
  void refuse(std::uint16_t transform, Stage stage, Reason reason);

  // Turns it into a row that every transform rejects, with only this record.
  void refuse_row(Stage stage, Reason reason);

  // Like refuse_row, without a record. Does not allocate.
  void reject();
};

}  // namespace xform
