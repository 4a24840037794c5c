// Pictures of molecules and of products beside their parents, as SVG.
//
// A parent is laid out as RDKit lays out any molecule. A product is made again at its site, so that it is
// known which of its atoms were the parent's; these stay where they are in the picture of the parent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plain/made_again.h"
#include "plain/transform.h"

namespace xform {

// What pictures show of a transform.
struct PicturedTransform {
  std::unique_ptr<Transform> transform;
  // The map numbers of the site's atoms that are highlighted; empty: all.
  std::vector<int> highlighted_numbers;
  // The element of the product's atoms that are highlighted; empty: any.
  std::string highlighted_symbol;
};

// A molecule to draw.
struct Pictured {
  std::string_view smiles;
  // Atoms to highlight, by their position in the SMILES. Those that the molecule lacks are left out:
  // hydrogens.
  std::vector<std::int32_t> atoms;
};

// Where a product comes from.
struct PicturedOrigin {
  std::string_view parent;
  Origin made;
  std::optional<std::size_t> transform;  // none: not known
};

struct Picture {
  std::string svg;            // empty if there is none
  std::string parent_svg;     // empty if there is none, or no parent
  std::string fault;          // why something is missing, or why the product does not lie as its parent does
  std::vector<bool> matches;  // by query: whether the molecule has a match
};

// Draws molecules. One per thread.
class Pictures {
 public:
  // Adds the next transform.
  void add(PicturedTransform transform) { transforms_.push_back(std::move(transform)); }

  // Adds the next pattern that is sought in the molecules, and highlighted. Throws UnusablePattern.
  void add_query(const std::string &smarts);

  // A molecule. What RDKit refuses has no picture. Throws std::bad_alloc.
  Picture draw(const Pictured &molecule) const;

  // A product, whose `atoms` are those of its site, and its parent. Throws std::bad_alloc.
  Picture draw(const Pictured &product, const PicturedOrigin &origin) const;

 private:
  std::vector<PicturedTransform> transforms_;
  std::vector<std::unique_ptr<RDKit::ROMol>> queries_;
};

}  // namespace xform
