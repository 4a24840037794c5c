// The results of one row, before they are added to the batch's columns.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/failure.h"
#include "base/tally.h"

namespace xform {

// How rows are written.
enum class Notation : std::uint8_t { kSmiles, kMolBlock };

// A row of another notation than SMILES, as it was read.
struct ReadRow {
  std::string smiles;         // canonical; empty if the row is SMILES itself, or cannot be read
  bool lost_groups = false;   // whether the molecule has stereo groups that `smiles` does not have
  bool lost_details = false;  // whether it has more that no SMILES can hold, such as substance groups

  // Empties it, keeping the memory.
  void clear();
};

// A parent after its standardization.
struct StandardParent {
  std::string smiles;        // canonical; empty if there is none
  bool is_changed = false;   // whether it is another molecule than the row's, by their canonical SMILES
  bool lost_groups = false;  // whether the row's molecule has stereo groups, which a SMILES cannot hold

  // Empties it, keeping the memory.
  void clear();
};

// The four outcomes of a row, worst first, so that the best of several is their maximum.
enum class Outcome : std::uint8_t { kNoSite, kAllSitesExcluded, kRejected, kWithProducts };

constexpr std::int32_t kNone = -1;

// A finished product.
struct WrittenProduct {
  std::string smiles;  // canonical
  // Atoms kept from the site and atoms new to it, as ascending positions in `smiles`: the atoms of the
  // product template that are left after RemoveHs.
  std::vector<std::int32_t> site_atoms;
};

// The value of a property; none if it could not be computed.
using PropertyValue = std::variant<std::monostate, std::int32_t, double, std::string>;

// A distinct product of the row and a transform.
struct ProductRecord {
  std::uint16_t transform;
  std::int32_t product_index;  // product template, from 0, of the first result that gave it
  std::int32_t site_index;     // lowest site that gives it
  std::int32_t site_count;     // sites that give it
  std::vector<std::int32_t> site_atoms;
  WrittenProduct written;
  std::vector<PropertyValue> properties = {};  // the chosen ones, in the order of their columns
  std::vector<std::string> alerts = {};        // the names of those that it has
  std::vector<std::string> notations = {};  // the chosen ones, in declared order; empty if they are missing
};

// A bad row (transform and site kNone), a row that one transform rejects as a whole (site kNone), or a result
// that could not be made.
struct FailureRecord {
  std::int32_t transform;
  std::int32_t site;
  Stage stage;
  Reason reason;
};

// The counts of one transform for a row in which it has a site, or which it rejects.
struct RowTally {
  std::uint16_t transform;
  Tally counts;
};

// One row's results, in the order (transform, site, product template). What does not concern a row is not
// mentioned, so that a row costs as much as it has results, however many transforms a run has.
struct RowResults {
  Outcome outcome = Outcome::kNoSite;  // the best outcome of any transform
  bool rejected = false;               // whether at least one transform counts it as rejected
  ReadRow read;                        // of a row of another notation
  StandardParent parent;               // of a good row, if parents are standardized
  std::vector<ProductRecord> products;
  std::vector<PropertyValue> parent_properties;  // computed with the first product
  std::string mapped_parent;                     // written with the first product
  std::vector<FailureRecord> failures;
  std::vector<RowTally> tallies;  // the other transforms found no site, or all reject the row
  bool all_reject = false;        // then there are no tallies

  // Empties it for the next row, keeping the memory.
  void reset();

  // The counts of `transform`, which must not come before that of the last call. Valid until the next call.
  Tally &tally(std::uint16_t transform);

  // The counts of any transform, those that are not mentioned included.
  Tally counts_of(std::uint16_t transform) const;

  // Records the outcome of the row for one transform; kNoSite needs no record.
  void conclude(std::uint16_t transform, Outcome outcome);

  // Records a failure; site kNone: of the row as a whole, transform kNone: of all transforms.
  void fail(std::int32_t transform, std::int32_t site, Stage stage, Reason reason);

  // Records that `transform` rejects the row as a whole.
  void refuse(std::uint16_t transform, Stage stage, Reason reason);

  // Turns it into a row that every transform rejects, with only this record. `read` stays.
  void refuse_row(Stage stage, Reason reason);

  // Like refuse_row, without a record. Does not allocate.
  void reject();
};

}  // namespace xform
