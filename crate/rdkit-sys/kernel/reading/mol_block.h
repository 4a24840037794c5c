// Mol blocks: the other notation in which a row may be written.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/failure.h"
#include "base/limits.h"
#include "base/row.h"

namespace xform {

class FastWing;

// A mol block of the library.
struct MolBlock {
  std::string_view text;
  std::uint64_t line = 0;  // where it begins in its file, from 1; 0 if it does not stand in lines of a file
};

// Reads a mol block as Python's Chem.MolFromMolBlock(text) does, V2000 or V3000, and writes the molecule as
// MolToSmiles does; with `stereo_groups`, one that has such groups as MolToCXSmiles does, with these groups.
// False if RDKit refuses the block, if it is a pattern and not a molecule, or if the molecule has more atoms
// than `limits` allow; then `refusal` gives the reason, with the line of the file. Only std::bad_alloc from
// recording the refusal can escape. `fast`, which may be null, is asked first.
bool read_mol_block(const MolBlock &block, const Limits &limits, bool stereo_groups, FastWing *fast,
                    ReadRow &row, Reason &refusal);

}  // namespace xform
