// Mol blocks with 2D coordinates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xform {

// Draws molecules as mol blocks. One per thread. Memory: one molecule, and the texts of the last batch.
class MolBlocks {
 public:
  // Reads molecules as MolFromSmiles does, whatever their size: the text of each lies between two
  // consecutive ones of the `molecules + 1` ascending `offsets` into `bytes`. Throws std::bad_alloc.
  void draw(std::string_view bytes, const std::uint32_t *offsets, std::size_t molecules);

  // Of the last batch, one for each molecule: V2000, and V3000 for what V2000 cannot hold, such as 1,000
  // atoms. The first line, the name, is empty. Without a molecule the text is empty.
  const std::string &texts() const { return texts_; }
  // Where the texts begin and end.
  const std::vector<std::uint32_t> &offsets() const { return offsets_; }

 private:
  std::string texts_;
  std::vector<std::uint32_t> offsets_;
};

}  // namespace xform
