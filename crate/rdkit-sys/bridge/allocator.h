// The source of C++'s memory.
//
// With the feature `mimalloc`, allocator.cc replaces all forms of `operator new` and `operator delete`
// with mimalloc's functions. They are hidden, so only the library or program that links this crate uses
// them, and nothing else in the process; malloc is not touched. libstdc++ must be the static one
// (build/link.rs): otherwise its own templates would allocate from a different heap.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct AllocatorReport;

// Allocates a little with `operator new`, with a std::string that grows inside libstdc++, and with malloc;
// reports which of these came from mimalloc, and frees them. Without the feature all three are false.
AllocatorReport allocator_report();

// Whether `memory`, which must not be empty, came from mimalloc.
bool is_in_mimalloc(rust::Slice<const std::uint8_t> memory);

// Allocates and frees `bytes` with `operator new`, to show what a failure looks like. Throws
// std::bad_alloc.
void allocate_and_free(std::size_t bytes);

}  // namespace xform
