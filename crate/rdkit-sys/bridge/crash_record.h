// Reading crash records from Rust.
#pragma once

#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct NotedRow;

// Reads the content of a crash record's file; false if it names no row.
bool read_crash_record(rust::Slice<const std::uint8_t> bytes, NotedRow &row);

// Calls `keep_crash_record` of a kernel or an identifier. Returns the system's error code, or 0 on success.
template <typename Keeper>
std::int32_t keep_crash_record_of(Keeper &keeper, rust::Slice<const std::uint8_t> path) {
  const std::string text(path.begin(), path.end());
  if (text.find('\0') != std::string::npos) {
    return EINVAL;
  }
  try {
    keeper.keep_crash_record(text);
    return 0;
  } catch (const std::system_error &error) {
    return error.code().value();
  }
}

}  // namespace xform
