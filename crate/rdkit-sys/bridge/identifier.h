// What molecules are recognised by.
#pragma once

#include <cstdint>
#include <memory>

#include "../kernel/identifier.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct IdentityView;

// `standardize`: see Identifier::choose_standardization; empty: not at all.
std::unique_ptr<Identifier> new_identifier(bool by_inchi_key, rust::Str standardize);

// Identifier::keep_crash_record. Returns the system's error code, or 0 on success.
std::int32_t keep_identifier_record(Identifier &identifier, rust::Slice<const std::uint8_t> path);

// Identifier::identify. Throws std::invalid_argument if `offsets` do not fit `bytes`. The views are valid
// until the next call.
IdentityView identify(Identifier &identifier, std::uint64_t first_row, rust::Slice<const std::uint8_t> bytes,
                      rust::Slice<const std::uint32_t> offsets, bool mol_blocks);

}  // namespace xform
