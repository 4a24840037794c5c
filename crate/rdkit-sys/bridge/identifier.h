// What molecules are recognised by.
#pragma once

#include <memory>

#include "../kernel/identifier.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct IdentityView;

// `standardize`: see Identifier::choose_standardization; empty: not at all.
std::unique_ptr<Identifier> new_identifier(bool by_inchi_key, rust::Str standardize);

// Identifier::identify. Throws std::invalid_argument if `offsets` do not fit `bytes`. The views are valid
// until the next call.
IdentityView identify(Identifier &identifier, rust::Slice<const std::uint8_t> bytes,
                      rust::Slice<const std::uint32_t> offsets, bool mol_blocks);

}  // namespace xform
