// Texts from Rust: bytes, and the offsets at which texts begin and end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "rust/cxx.h"

namespace xform {

// Throws std::invalid_argument if `offsets` do not start with 0, ascend, and end with the length of
// `bytes`.
inline void check_offsets(rust::Slice<const std::uint8_t> bytes, rust::Slice<const std::uint32_t> offsets) {
  if (offsets.empty() || offsets.front() != 0 || offsets.back() != bytes.size() ||
      !std::is_sorted(offsets.begin(), offsets.end())) {
    throw std::invalid_argument("offsets must begin with 0, ascend, and end with the number of bytes");
  }
}

}  // namespace xform
