// Compiling and checking transforms from Rust.
#pragma once

#include <memory>

#include "../kernel/plain/transform.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct TransformSpec;
struct Fault;

// Compiles `spec`. Null if it cannot be used; then `fault` names the part and the reason. Throws
// std::bad_alloc.
std::unique_ptr<Transform> compile_transform(const TransformSpec &spec, Fault &fault);

// Number of product templates.
std::size_t product_template_count(const Transform &transform);

// By atom of the reactant template: 1 if the transform changes or removes it; see
// kernel/plain/template_diff.h.
rust::Vec<std::uint8_t> changed_template_atoms(const Transform &transform);

// The warnings of RDKit's validation of the reaction; see kernel/plain/validation.h.
rust::Vec<rust::String> validation_warnings(const Transform &transform);

// FastWing::why_no_edit.
rust::String why_no_edit(const Transform &transform);

}  // namespace xform
