// Where C++ gets its memory.
//
// With the feature `mimalloc`, allocator.cc replaces `operator new` and `operator delete` in all their forms
// by mimalloc's functions, hidden, so that this concerns the library or program that links this crate and
// nothing else in the process; malloc is not touched. libstdc++ must be the static one (build/link.rs): its
// own templates allocate inside it and would use another heap.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct AllocatorReport;

// Allocates a little by `operator new`, by a std::string that grows inside libstdc++ and by malloc, tells
// which came from mimalloc, and frees it. Without the feature all three are false.
AllocatorReport allocator_report();

// Whether `memory`, which must not be empty, came from mimalloc.
bool is_in_mimalloc(rust::Slice<const std::uint8_t> memory);

// Allocates and frees `bytes` by `operator new`, to see what failing looks like. Throws std::bad_alloc.
void allocate_and_free(std::size_t bytes);

}  // namespace xform
