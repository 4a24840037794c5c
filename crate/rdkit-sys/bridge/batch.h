// Running batches from Rust.
#pragma once

#include <memory>

#include "../kernel/kernel.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct Skip;
struct RowView;
struct ProductView;
struct Failure;
struct Counts;
struct Witnessed;

std::unique_ptr<Kernel> new_kernel(std::uint32_t max_atoms, std::uint32_t max_products);

void add_transform(Kernel &kernel, std::unique_ptr<Transform> transform);

// Kernel::keep_crash_record. Gives the system's error code where that fails, else 0.
std::int32_t keep_crash_record(Kernel &kernel, rust::Slice<const std::uint8_t> path);

// Kernel::turn_fast.
void turn_fast(Kernel &kernel, bool on);

// FastWing::describe_prefilter. Throws std::out_of_range.
rust::String describe_prefilter(const Kernel &kernel, std::size_t transform);

// Kernel::run. Throws std::invalid_argument if `offsets` are not 0 first, ascending, and the length of
// `bytes` last, or if `skips` are not in order, name a row or transform that is not there, or have another
// code than the three; std::bad_alloc and std::length_error as Kernel::run does. `rechecks` are rows,
// ascending.
void run_batch(Kernel &kernel, std::uint64_t first_row, rust::Slice<const std::uint8_t> bytes,
               rust::Slice<const std::uint32_t> offsets, rust::Slice<const Skip> skips,
               rust::Slice<const std::uint32_t> rechecks);

// The last run's results. Views point into the kernel and live until its next run.
RowView row_view(const Kernel &kernel);
ProductView product_view(const Kernel &kernel);
rust::Vec<Failure> failures(const Kernel &kernel);
rust::Vec<Counts> counts(const Kernel &kernel);
Witnessed witnessed(const Kernel &kernel);

}  // namespace xform
