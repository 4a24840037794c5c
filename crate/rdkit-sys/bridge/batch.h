// Running batches from Rust.
#pragma once

#include <memory>

#include "../kernel/kernel.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct RowView;
struct ProductView;
struct Failure;
struct Counts;

std::unique_ptr<Kernel> new_kernel();

void add_transform(Kernel &kernel, std::unique_ptr<Transform> transform);

// Kernel::run. Throws std::invalid_argument if `offsets` are not 0 first, ascending, and the length of
// `bytes` last; std::bad_alloc and std::length_error as Kernel::run does.
void run_batch(Kernel &kernel, rust::Slice<const std::uint8_t> bytes,
               rust::Slice<const std::uint32_t> offsets);

// The last run's results. Views point into the kernel and live until its next run.
RowView row_view(const Kernel &kernel);
ProductView product_view(const Kernel &kernel);
rust::Vec<Failure> failures(const Kernel &kernel);
rust::Vec<Counts> counts(const Kernel &kernel);

}  // namespace xform
