// The properties that a run computes of its products and, if wanted, of their parents.
//
// A value is that of the text as MolFromSmiles reads it again, not of the molecule that reacted: whoever
// computes it from the output in Python gets the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/columns.h"
#include "base/row.h"
#include "properties/property.h"

namespace xform {

class FastWing;

class Properties {
 public:
  // Chooses those with these names, in any order; `of_parents`: of the parents as well. Throws
  // std::invalid_argument for an unknown name.
  void choose(const std::vector<std::string> &names, bool of_parents);

  // The columns of the chosen ones, in declared order; after them those of the parents.
  std::vector<ComputedColumn> columns() const;

  // Computes them for the products of `results` from position `first` on, which `transform` has made, and
  // for their parent when the first product of a row comes. `parent` is its text. `fast`, which may be null,
  // is asked first to read a product.
  //
  // What cannot be computed stays without a value and becomes a failure of the transform, at the product's
  // site, or without a site if it is the parent's. Only std::bad_alloc from our own bookkeeping can escape.
  void compute(std::string_view parent, std::uint16_t transform, std::size_t first, FastWing *fast,
               RowResults &results);

 private:
  // For a failure: of what it is, for its reason, and the transform and site that it is recorded for.
  struct Blame {
    const char *prefix;
    std::uint16_t transform;
    std::int32_t site;
  };

  std::vector<PropertyValue> values_of(std::string_view smiles, FastWing *fast, const Blame &blame,
                                       RowResults &results);
  bool needs_everything() const;

  std::vector<const Property *> chosen_;
  bool of_parents_ = false;
  PropertyTools tools_;
};

}  // namespace xform
