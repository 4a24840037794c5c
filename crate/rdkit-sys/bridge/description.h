// What a transform does, in words, for Rust.
#pragma once

#include "../kernel/plain/transform.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct TransformDescription;

// describe() of kernel/review/description.h.
TransformDescription describe_transform(const Transform &transform);

}  // namespace xform
