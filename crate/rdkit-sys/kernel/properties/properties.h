// The properties and alerts that a run computes of its products, and the properties of their parents.
//
// A value is that of the text as MolFromSmiles reads it again, not of the molecule that reacted: whoever
// computes it from the output in Python gets the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/columns.h"
#include "base/row.h"
#include "properties/alerts.h"
#include "properties/property.h"

namespace xform {

class FastWing;

class Properties {
 public:
  // Sets the alerts to seek. By default there are none.
  void set_alerts(std::unique_ptr<const Alerts> alerts) { alerts_ = std::move(alerts); }

  // Chooses what to compute by the names of the columns: those of properties, `parent_` before them for
  // the parents' own, and `alerts`. Throws std::invalid_argument for an unknown name.
  void choose(const std::vector<std::string> &columns);

  // The chosen columns, in their order.
  const std::vector<ComputedColumn> &columns() const { return columns_; }

  // Computes them for the products of `results` from position `first` on, which `transform` has made, and
  // for their parent when the first product of a row comes. `parent` is its text. `fast`, which may be null,
  // is asked first to read a product, and which alerts it cannot have.
  //
  // What cannot be computed stays without a value and becomes a failure of the transform, at the product's
  // site, or without a site if it is the parent's. Only std::bad_alloc from our own bookkeeping can escape.
  void compute(std::string_view parent, std::uint16_t transform, std::size_t first, FastWing *fast,
               RowResults &results);

 private:
  // What is computed of a kind of molecules.
  struct Wanted {
    std::vector<const Property *> properties;
    bool alerts = false;

    bool empty() const { return properties.empty() && !alerts; }
  };

  // For a failure: of what it is, for its reason, and the transform and site that it is recorded for.
  struct Blame {
    const char *prefix;
    std::uint16_t transform;
    std::int32_t site;
  };

  void describe(ProductRecord &product, FastWing *fast, RowResults &results);
  // Null if the text cannot be read, which is recorded.
  RDKit::ROMOL_SPTR read(std::string_view smiles, const Wanted &wanted, FastWing *fast, const Blame &blame,
                         RowResults &results) const;
  std::vector<PropertyValue> values_of(const RDKit::ROMol *molecule, const Wanted &wanted, const Blame &blame,
                                       RowResults &results);
  std::vector<std::string> alerts_of(const RDKit::ROMol *molecule, std::string_view smiles, FastWing *fast,
                                     const Blame &blame, RowResults &results) const;
  bool needs_everything(const Wanted &wanted) const;

  std::vector<ComputedColumn> columns_;
  Wanted of_products_;
  Wanted of_parents_;
  PropertyTools tools_;
  std::unique_ptr<const Alerts> alerts_ = std::make_unique<Alerts>();
};

}  // namespace xform
