// The review of a transform, for Rust.
#pragma once

#include "../kernel/plain/transform.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct ReviewFinding;

// The findings of kernel/review/review.h.
rust::Vec<ReviewFinding> review_transform(const Transform &transform);

// The text of kernel/review/identity.h.
rust::String transform_identity(const Transform &transform);

}  // namespace xform
