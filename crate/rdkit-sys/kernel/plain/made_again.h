// A product that is known to exist, made a second time.
#pragma once

#include <GraphMol/RWMol.h>

#include <cstdint>
#include <vector>

namespace xform {

struct Parent;
struct Transform;

// Where a transform made a product: the columns of a product that name its site and its template.
struct Origin {
  std::vector<std::int32_t> site_atoms;  // of the parent that the transform reacts, in template order
  std::int32_t product_index;
};

// A product, settled but not written.
struct MadeProduct {
  RDKit::ROMOL_SPTR molecule;
  unsigned int site_atoms;  // the first atoms of the molecule are those of the product template
};

// RDKit's molecule of the product that `transform` makes of `parent`, the one that it reacts (parent.h).
// Throws what RDKit throws, and std::out_of_range if there are no such atoms or no such template.
MadeProduct make_again(const Parent &parent, const Transform &transform, const Origin &origin);

}  // namespace xform
