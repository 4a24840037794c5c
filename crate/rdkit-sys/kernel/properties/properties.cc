#include "properties/properties.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/failure.h"
#include "base/limits.h"
#include "fast/fast.h"
#include "plain/parent.h"

namespace xform {
namespace {

constexpr std::string_view kOfParent = "parent_";
constexpr const char *kAlerts = "alerts";
// The only alert of a product that could not be judged: `alerts` is never null, and a filter for products
// without alerts must not keep it.
constexpr const char *kNotJudged = "not judged";

void append(const PropertyValue &value, Int32s &values) {
  const auto *number = std::get_if<std::int32_t>(&value);
  values.push_back(number ? *number : 0);
}

void append(const PropertyValue &value, Float64s &values) {
  const auto *number = std::get_if<double>(&value);
  values.push_back(number ? *number : 0);
}

void append(const PropertyValue &value, Texts &values) {
  static const std::string none;
  const auto *text = std::get_if<std::string>(&value);
  const auto &filled = text ? *text : none;
  values.push(filled.begin(), filled.end());
}

// No property has a type for which there is no function above.
template <typename Other>
void append(const PropertyValue &, Other &) {
  throw std::logic_error("a property of an unknown type");
}

void append_to(ColumnValues &column, const PropertyValue &value) {
  std::visit([&](auto &values) { append(value, values); }, column.values);
  column.nulls.push_back(std::holds_alternative<std::monostate>(value));
}

ComputedColumn column_of(const Property &property, std::size_t place, bool of_parent) {
  const std::string name = of_parent ? std::string(kOfParent) + property.name : property.name;
  const std::string meaning =
      of_parent ? std::string("`") + property.name + "` of the parent" : property.meaning;
  const bool is_nullable = true;
  return {name, meaning, property.none, is_nullable,
          [place, of_parent](ColumnValues &column, const RowResults &row, const ProductRecord &product) {
            append_to(column, (of_parent ? row.parent_properties : product.properties)[place]);
          }};
}

ComputedColumn column_of_alerts() {
  const bool is_nullable = false;
  return {kAlerts, "names of the alerts that the product has", TextLists(), is_nullable,
          [](ColumnValues &column, const RowResults &, const ProductRecord &product) {
            std::get<TextLists>(column.values).push(product.alerts);
          }};
}

const Property &property_called(std::string_view name) {
  const auto &all = declared_properties();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Property &property) { return name == property.name; });
  if (found == all.end()) {
    throw std::invalid_argument("no property is called " + std::string(name));
  }
  return *found;
}

PropertyValue try_compute(const Property &property, const RDKit::ROMol &molecule, PropertyTools &tools,
                          Reason &fault) {
  try {
    return property.compute(molecule, tools);
  } catch (...) {
    fault = reason_of_current_exception();
    return {};
  }
}

// The record of a missing `what`. Want of memory keeps its code: it may not happen again.
Reason missing(const std::string &what, Code usual, const Reason &fault) {
  const auto code = fault.code == Code::kOutOfMemory ? fault.code : usual;
  return {code, what + ": " + fault.words};
}

}  // namespace

void Properties::choose(const std::vector<std::string> &columns) {
  columns_.clear();
  of_products_ = of_parents_ = {};
  for (const auto &column : columns) {
    if (column == kAlerts) {
      of_products_.alerts = true;
      columns_.push_back(column_of_alerts());
      continue;
    }
    const bool of_parent = column.compare(0, kOfParent.size(), kOfParent) == 0;
    const auto &property = property_called(std::string_view(column).substr(of_parent ? kOfParent.size() : 0));
    auto &properties = (of_parent ? of_parents_ : of_products_).properties;
    columns_.push_back(column_of(property, properties.size(), of_parent));
    properties.push_back(&property);
  }
}

void Properties::compute(std::string_view parent, std::uint16_t transform, std::size_t first, FastWing *fast,
                         RowResults &results) {
  for (auto index = first; index < results.products.size() && !of_products_.empty(); ++index) {
    describe(results.products[index], fast, results);
  }
  const bool is_first = results.parent_properties.empty() && first < results.products.size();
  if (is_first && !of_parents_.empty()) {
    const Blame blame{kOfParent.data(), transform, kNone};
    const auto molecule = read(parent, of_parents_, fast, blame, results);
    results.parent_properties = values_of(molecule.get(), of_parents_, blame, results);
  }
}

void Properties::describe(ProductRecord &product, FastWing *fast, RowResults &results) {
  const auto &smiles = product.written.smiles;
  const Blame blame{"", product.transform, product.site_index};
  const auto molecule = read(smiles, of_products_, fast, blame, results);
  product.properties = values_of(molecule.get(), of_products_, blame, results);
  results.tally(product.transform).inchi_warnings += tools_.have_inchi_warning();
  if (of_products_.alerts) {
    product.alerts = alerts_of(molecule.get(), smiles, fast, blame, results);
  }
}

RDKit::ROMOL_SPTR Properties::read(std::string_view smiles, const Wanted &wanted, FastWing *fast,
                                   const Blame &blame, RowResults &results) const {
  constexpr bool kWithHybridization = false;
  Parent parent;
  Reason refusal;
  if (is_readable(smiles, Limits(), refusal) &&
      parse_parent(smiles, kWithHybridization, needs_everything(wanted) ? nullptr : fast, parent, refusal)) {
    return parent.molecule;
  }
  if (!wanted.properties.empty()) {
    const bool is_one = wanted.properties.size() == 1;
    const std::string what = is_one ? wanted.properties.front()->name : "all properties";
    results.fail(blame.transform, blame.site, Stage::kProperties,
                 missing(blame.prefix + what, Code::kNoProperty, refusal));
  }
  if (wanted.alerts) {
    results.fail(blame.transform, blame.site, Stage::kProperties,
                 missing(kAlerts, Code::kNoProperty, refusal));
  }
  return nullptr;
}

std::vector<PropertyValue> Properties::values_of(const RDKit::ROMol *molecule, const Wanted &wanted,
                                                 const Blame &blame, RowResults &results) {
  std::vector<PropertyValue> values(wanted.properties.size());
  tools_.begin_molecule();
  if (!molecule) {
    return values;
  }
  for (std::size_t place = 0; place < values.size(); ++place) {
    const auto &property = *wanted.properties[place];
    Reason fault;
    values[place] = try_compute(property, *molecule, tools_, fault);
    if (std::holds_alternative<std::monostate>(values[place])) {
      results.fail(blame.transform, blame.site, Stage::kProperties,
                   missing(blame.prefix + std::string(property.name), property.missing, fault));
    }
  }
  return values;
}

std::vector<std::string> Properties::alerts_of(const RDKit::ROMol *molecule, std::string_view smiles,
                                               FastWing *fast, const Blame &blame,
                                               RowResults &results) const {
  if (!molecule) {
    return {kNotJudged};
  }
  try {
    return alerts_->of(*molecule, smiles, fast);
  } catch (...) {
    results.fail(blame.transform, blame.site, Stage::kProperties,
                 missing(kAlerts, Code::kNoProperty, reason_of_current_exception()));
    return {kNotJudged};
  }
}

bool Properties::needs_everything(const Wanted &wanted) const {
  const auto needs = [](const Property *property) { return property->need == Need::kEverything; };
  return std::any_of(wanted.properties.begin(), wanted.properties.end(), needs) ||
         (wanted.alerts && alerts_->reads_hybridization());
}

}  // namespace xform
