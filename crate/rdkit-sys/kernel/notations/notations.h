// Further notations of the products: with atom maps, as a reaction, with stereo groups.
//
// A product's SMILES does not say which of its atoms came from the parent, and has no stereo groups. RDKit's
// own product molecule knows both, so each product is made a second time, at the site that it is listed with.
#pragma once

#include <GraphMol/ROMol.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/columns.h"
#include "base/row.h"

namespace xform {

struct Parent;
struct Transform;

class Notations {
 public:
  // Chooses the columns `mapped_smiles` and `reaction_smiles`, and the column `cxsmiles`. By default there
  // are none.
  void choose(bool mapped, bool cxsmiles);

  // Whether a chosen one shows the stereo groups of a product.
  bool have_stereo_groups() const { return cxsmiles_; }

  // The columns of the chosen ones.
  std::vector<ComputedColumn> columns() const;

  // Writes them for the products of `results` from position `first` on, which `transform` has made of `row`.
  // What cannot be written stays without a value and becomes a failure of the transform, at the product's
  // site. Only std::bad_alloc from our own bookkeeping can escape.
  void write(Parent &row, const Transform &transform, std::size_t first, RowResults &results) const;

 private:
  std::vector<std::string> texts_of(const RDKit::ROMol &product, const std::string &mapped_parent) const;

  bool mapped_ = false;
  bool cxsmiles_ = false;
};

}  // namespace xform
