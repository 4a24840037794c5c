// Running batches from Rust.
#pragma once

#include <memory>

#include "../kernel/kernel.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct RowTexts;
struct Skip;
struct RowView;
struct ProductView;
struct ColumnView;
struct ColumnInfo;
struct PropertyInfo;
struct Failure;
struct Witnessed;
struct Charged;

std::unique_ptr<Kernel> new_kernel();

// Kernel::set_limit.
void set_limit(Kernel &kernel, rust::Str name, std::uint32_t value);

// Kernel::choose_standardization.
void choose_standardization(Kernel &kernel, rust::Str how);

// Kernel::set_alerts.
void set_alerts(Kernel &kernel, std::unique_ptr<Alerts> alerts);

// Kernel::choose_columns.
void choose_columns(Kernel &kernel, rust::Slice<const rust::String> columns);

// Kernel::choose_notations.
void choose_notations(Kernel &kernel, bool mapped, bool cxsmiles);

// Kernel::keep_salts.
void keep_salts(Kernel &kernel, bool on);

void add_transform(Kernel &kernel, std::unique_ptr<Transform> transform);

// Kernel::keep_crash_record. Returns the system's error code, or 0 on success.
std::int32_t keep_crash_record(Kernel &kernel, rust::Slice<const std::uint8_t> path);

// Kernel::turn_fast.
void turn_fast(Kernel &kernel, bool on);

// FastWing::describe_prefilter. Throws std::out_of_range.
rust::String describe_prefilter(const Kernel &kernel, std::size_t transform);

// Kernel::possible_transforms.
rust::Vec<std::uint16_t> possible_transforms(Kernel &kernel, rust::Str smiles);

// Kernel::run. Throws std::invalid_argument if `offsets` do not start with 0, ascend, and end with the
// length of `bytes`, or if `skips` are out of order, refer to a missing row or transform, or have a code
// other than the three; std::bad_alloc and std::length_error as Kernel::run does. `rechecks` and `trials`
// are rows, ascending.
void run_batch(Kernel &kernel, std::uint64_t first_row, RowTexts rows, rust::Slice<const Skip> skips,
               rust::Slice<const std::uint32_t> rechecks, rust::Slice<const std::uint32_t> trials);

// The declarations of computed_columns(), and of all columns that a kernel computes.
rust::Vec<ColumnInfo> column_list();
rust::Vec<ColumnInfo> column_list_of(const Kernel &kernel);

// The declared properties.
rust::Vec<PropertyInfo> property_list();

// The names of a transform's counts.
rust::Vec<rust::String> count_names();

// The names of a failure's stage and code, in the order of their numbers.
rust::Vec<rust::String> stage_names();
rust::Vec<rust::String> code_names();

// The results of the last run. Views point into the kernel and are valid until its next run.
RowView row_view(const Kernel &kernel);
ProductView product_view(const Kernel &kernel);
ColumnView column_view(const Kernel &kernel, std::size_t column);
rust::Vec<Failure> failures(const Kernel &kernel);
// By transform, in the order of count_names.
rust::Vec<std::uint64_t> counts(const Kernel &kernel);
Witnessed witnessed(const Kernel &kernel);
Charged charged(const Kernel &kernel);

}  // namespace xform
