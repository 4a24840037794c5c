// Reading crash records from Rust.
#pragma once

#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct NotedRow;

// Reads the content of a crash record's file; false if it names no row.
bool read_crash_record(rust::Slice<const std::uint8_t> bytes, NotedRow &row);

}  // namespace xform
