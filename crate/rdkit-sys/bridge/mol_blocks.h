// Mol blocks with 2D coordinates, for Rust.
#pragma once

#include <memory>

#include "../kernel/depiction/mol_blocks.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct MolBlockView;

std::unique_ptr<MolBlocks> new_mol_blocks();

// MolBlocks::draw. Throws std::invalid_argument if `offsets` do not fit `bytes`. The views are valid until
// the next call.
MolBlockView draw_mol_blocks(MolBlocks &blocks, rust::Slice<const std::uint8_t> bytes,
                             rust::Slice<const std::uint32_t> offsets);

}  // namespace xform
