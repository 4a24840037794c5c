#include "batch.h"

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include "crash_record.h"
#include "offsets.h"
#include "xform-rdkit-sys/src/batch.rs.h"

namespace xform {
namespace {

template <typename Value>
rust::Slice<const Value> slice(const std::vector<Value> &values) {
  return {values.data(), values.size()};
}

template <typename Value>
rust::Slice<const std::uint8_t> bytes_of(const std::vector<Value> &values) {
  return {reinterpret_cast<const std::uint8_t *>(values.data()), values.size() * sizeof(Value)};
}

template <typename Value>
ColumnView view_of(const std::vector<Value> &values, const Bools &nulls) {
  return {bytes_of(values), {}, slice(nulls), {}};
}

template <typename Member>
ColumnView view_of(const Lists<Member> &lists, const Bools &nulls) {
  return {bytes_of(lists.values), slice(lists.offsets), slice(nulls), {}};
}

ColumnView view_of(const TextLists &lists, const Bools &nulls) {
  return {bytes_of(lists.texts.values), slice(lists.offsets), slice(nulls), slice(lists.texts.offsets)};
}

ColumnType type_of(const Values &values) { return static_cast<ColumnType>(values.index()); }

rust::Vec<ColumnInfo> described(const std::vector<ComputedColumn> &columns) {
  rust::Vec<ColumnInfo> all;
  for (const auto &column : columns) {
    all.push_back({column.name, column.meaning, type_of(column.none), column.is_nullable});
  }
  return all;
}

template <ColumnType type, typename Type>
constexpr bool is_type =
    std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(type), Values>, Type>;

Code code_of_skip(const Skip &skip) { return code_of(std::string_view(skip.code.data(), skip.code.size())); }

bool is_usable(const Skip &skip, std::size_t rows, std::size_t transforms) {
  const auto code = code_of_skip(skip);
  return skip.row < rows && skip.transform >= kNone &&
         skip.transform < static_cast<std::int64_t>(transforms) &&
         (code == Code::kCrashed || code == Code::kTimedOut || code == Code::kOutOfMemory);
}

void check_skips(rust::Slice<const Skip> skips, std::size_t rows, std::size_t transforms) {
  const auto in_order = [](const Skip &a, const Skip &b) {
    return std::pair(a.row, a.transform) < std::pair(b.row, b.transform);
  };
  const auto usable = [&](const Skip &skip) { return is_usable(skip, rows, transforms); };
  if (!std::is_sorted(skips.begin(), skips.end(), in_order) ||
      !std::all_of(skips.begin(), skips.end(), usable)) {
    throw std::invalid_argument(
        "skips must be in order, name rows and transforms that are there, and have one of the three codes");
  }
}

std::vector<RowSkip> row_skips(rust::Slice<const Skip> skips) {
  std::vector<RowSkip> all;
  for (const auto &skip : skips) {
    all.push_back({skip.row, skip.transform, code_of_skip(skip)});
  }
  return all;
}

Failure failure_of(const BatchFailure &failure) {
  const auto &[row, record] = failure;
  return {row,
          record.transform,
          record.site,
          static_cast<std::uint8_t>(record.stage),
          static_cast<std::uint8_t>(record.reason.code),
          rust::String::lossy(record.reason.words)};
}

template <typename Names>
rust::Vec<rust::String> texts(const Names &names) {
  rust::Vec<rust::String> all;
  for (const auto *name : names) {
    all.push_back(name);
  }
  return all;
}

}  // namespace

// The enums on both sides are cast into each other.
static_assert(is_type<ColumnType::Int32, Int32s> && is_type<ColumnType::Float64, Float64s> &&
              is_type<ColumnType::Bool, Bools> && is_type<ColumnType::Text, Texts> &&
              is_type<ColumnType::Int32List, Int32Lists> && is_type<ColumnType::TextList, TextLists>);
static_assert(static_cast<int>(RowOutcome::NoSite) == static_cast<int>(Outcome::kNoSite));
static_assert(static_cast<int>(RowOutcome::AllSitesExcluded) == static_cast<int>(Outcome::kAllSitesExcluded));
static_assert(static_cast<int>(RowOutcome::Rejected) == static_cast<int>(Outcome::kRejected));
static_assert(static_cast<int>(RowOutcome::WithProducts) == static_cast<int>(Outcome::kWithProducts));

std::unique_ptr<Kernel> new_kernel() { return std::make_unique<Kernel>(); }

void set_limit(Kernel &kernel, rust::Str name, std::uint32_t value) {
  kernel.set_limit({name.data(), name.size()}, value);
}

void choose_standardization(Kernel &kernel, rust::Str how) {
  kernel.choose_standardization({how.data(), how.size()});
}

void set_alerts(Kernel &kernel, std::unique_ptr<Alerts> alerts) { kernel.set_alerts(std::move(alerts)); }

void choose_columns(Kernel &kernel, rust::Slice<const rust::String> columns) {
  kernel.choose_columns({columns.begin(), columns.end()});
}

void choose_notations(Kernel &kernel, bool mapped, bool cxsmiles) {
  kernel.choose_notations(mapped, cxsmiles);
}

void keep_salts(Kernel &kernel, bool on) { kernel.keep_salts(on); }

void add_transform(Kernel &kernel, std::unique_ptr<Transform> transform) { kernel.add(std::move(transform)); }

std::int32_t keep_crash_record(Kernel &kernel, rust::Slice<const std::uint8_t> path) {
  return keep_crash_record_of(kernel, path);
}

void turn_fast(Kernel &kernel, bool on) { kernel.turn_fast(on); }

rust::String describe_prefilter(const Kernel &kernel, std::size_t transform) {
  return kernel.fast().describe_prefilter(transform);
}

rust::Vec<std::uint16_t> possible_transforms(Kernel &kernel, rust::Str smiles) {
  rust::Vec<std::uint16_t> all;
  for (const auto transform : kernel.possible_transforms({smiles.data(), smiles.size()})) {
    all.push_back(transform);
  }
  return all;
}

void run_batch(Kernel &kernel, std::uint64_t first_row, RowTexts rows, rust::Slice<const Skip> skips,
               rust::Slice<const std::uint32_t> rechecks, rust::Slice<const std::uint32_t> trials) {
  check_offsets(rows.bytes, rows.offsets);
  const auto count = rows.offsets.size() - 1;
  check_skips(skips, count, kernel.transforms());
  if (!rows.lines.empty() && rows.lines.size() != count) {
    throw std::invalid_argument("there must be a line for each row, or none");
  }
  const std::string_view text(reinterpret_cast<const char *>(rows.bytes.data()), rows.bytes.size());
  kernel.run({first_row,
              text,
              rows.offsets.data(),
              count,
              row_skips(skips),
              {rechecks.begin(), rechecks.end()},
              {trials.begin(), trials.end()},
              rows.are_mol_blocks ? Notation::kMolBlock : Notation::kSmiles,
              rows.lines.empty() ? nullptr : rows.lines.data()});
}

RowView row_view(const Kernel &kernel) {
  const auto &columns = kernel.columns();
  const auto &profile = kernel.profile();
  return {slice(columns.outcomes),   slice(columns.rejected),      slice(columns.standardized),
          slice(columns.simplified), slice(columns.smiles.values), slice(columns.smiles.offsets),
          slice(profile.sites()),    slice(profile.nanoseconds())};
}

ProductView product_view(const Kernel &kernel) {
  const auto &products = kernel.columns().products;
  return {slice(products.row),        slice(products.transform),     slice(products.product_index),
          slice(products.site_index), slice(products.smiles.values), slice(products.smiles.offsets)};
}

ColumnView column_view(const Kernel &kernel, std::size_t column) {
  const auto &all = kernel.columns().products.computed.at(column);
  return std::visit([&](const auto &values) { return view_of(values, all.nulls); }, all.values);
}

rust::Vec<ColumnInfo> column_list() { return described(computed_columns()); }

rust::Vec<ColumnInfo> column_list_of(const Kernel &kernel) {
  return described(kernel.columns().products.declared());
}

rust::Vec<PropertyInfo> property_list() {
  rust::Vec<PropertyInfo> all;
  for (const auto &property : declared_properties()) {
    all.push_back({property.name, property.unit, property.meaning, property.function, property.is_quick,
                   type_of(property.none)});
  }
  return all;
}

rust::Vec<Failure> failures(const Kernel &kernel) {
  rust::Vec<Failure> all;
  for (const auto &failure : kernel.columns().failures) {
    all.push_back(failure_of(failure));
  }
  return all;
}

Witnessed witnessed(const Kernel &kernel) {
  const auto &witness = kernel.witness();
  const auto difference = witness.difference.value_or(Difference{});
  return {witness.rows,
          witness.incomplete,
          witness.difference.has_value(),
          difference.source_row,
          difference.transform,
          rust::String::lossy(difference.fast),
          rust::String::lossy(difference.plain)};
}

Charged charged(const Kernel &kernel) {
  const auto &charged = kernel.charged();
  return {charged.tried, charged.found, charged.example.value_or(0)};
}

rust::Vec<rust::String> count_names() { return texts(Tally::kNames); }

rust::Vec<rust::String> stage_names() { return texts(kStageNames); }

rust::Vec<rust::String> code_names() { return texts(kCodeNames); }

rust::Vec<std::uint64_t> counts(const Kernel &kernel) {
  rust::Vec<std::uint64_t> all;
  for (const auto &tally : kernel.columns().tallies) {
    for (const auto count : tally.values()) {
      all.push_back(count);
    }
  }
  return all;
}

}  // namespace xform
