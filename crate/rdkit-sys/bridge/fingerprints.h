// Morgan fingerprints, for Rust.
#pragma once

#include <memory>

#include "../kernel/fingerprints/morgan.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct FingerprintView;

std::unique_ptr<Fingerprints> new_fingerprints();

// Fingerprints::compute. Throws std::invalid_argument if `offsets` do not fit `bytes`. The views are valid
// until the next call.
FingerprintView compute_fingerprints(Fingerprints &fingerprints, rust::Slice<const std::uint8_t> bytes,
                                     rust::Slice<const std::uint32_t> offsets);

}  // namespace xform
