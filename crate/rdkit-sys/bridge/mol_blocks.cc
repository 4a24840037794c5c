#include "mol_blocks.h"

#include <string_view>

#include "offsets.h"
#include "xform-rdkit-sys/src/mol_blocks.rs.h"

namespace xform {

std::unique_ptr<MolBlocks> new_mol_blocks() { return std::make_unique<MolBlocks>(); }

MolBlockView draw_mol_blocks(MolBlocks &blocks, rust::Slice<const std::uint8_t> bytes,
                             rust::Slice<const std::uint32_t> offsets) {
  check_offsets(bytes, offsets);
  const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  blocks.draw(text, offsets.data(), offsets.size() - 1);
  const auto &texts = blocks.texts();
  return {{reinterpret_cast<const std::uint8_t *>(texts.data()), texts.size()},
          {blocks.offsets().data(), blocks.offsets().size()}};
}

}  // namespace xform
