#include "properties/properties.h"

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/failure.h"
#include "base/limits.h"
#include "fast/fast.h"
#include "plain/parent.h"

namespace xform {
namespace {

constexpr const char *kOfParent = "parent_";

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

// Reads a text as MolFromSmiles does. Null if it cannot be read; then `refusal` gives the reason.
RDKit::ROMOL_SPTR read(std::string_view smiles, FastWing *fast, Reason &refusal) {
  Parent parent;
  const bool hybridization = false;
  const bool is_read =
      is_readable(smiles, Limits(), refusal) && parse_parent(smiles, hybridization, fast, parent, refusal);
  return is_read ? parent.molecule : nullptr;
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

void Properties::choose(const std::vector<std::string> &names, bool of_parents) {
  const auto &all = declared_properties();
  const auto is_called = [](const Property &property) {
    return [&property](const std::string &name) { return name == property.name; };
  };
  for (const auto &name : names) {
    if (std::none_of(all.begin(), all.end(), [&](const Property &one) { return is_called(one)(name); })) {
      throw std::invalid_argument("no property is called " + name);
    }
  }
  chosen_.clear();
  for (const auto &property : all) {
    if (std::any_of(names.begin(), names.end(), is_called(property))) {
      chosen_.push_back(&property);
    }
  }
  of_parents_ = of_parents;
}

std::vector<ComputedColumn> Properties::columns() const {
  std::vector<ComputedColumn> columns;
  for (const bool of_parent : {false, true}) {
    for (std::size_t place = 0; place < chosen_.size() && (of_parents_ || !of_parent); ++place) {
      columns.push_back(column_of(*chosen_[place], place, of_parent));
    }
  }
  return columns;
}

void Properties::compute(std::string_view parent, std::uint16_t transform, std::size_t first, FastWing *fast,
                         RowResults &results) {
  if (chosen_.empty()) {
    return;
  }
  for (auto index = first; index < results.products.size(); ++index) {
    auto &product = results.products[index];
    product.properties =
        values_of(product.written.smiles, fast, {"", transform, product.site_index}, results);
    results.tally(transform).inchi_warnings += tools_.have_inchi_warning();
  }
  if (of_parents_ && results.parent_properties.empty() && first < results.products.size()) {
    results.parent_properties = values_of(parent, fast, {kOfParent, transform, kNone}, results);
  }
}

std::vector<PropertyValue> Properties::values_of(std::string_view smiles, FastWing *fast, const Blame &blame,
                                                 RowResults &results) {
  std::vector<PropertyValue> values(chosen_.size());
  const auto fail = [&](const std::string &what, Code usual, const Reason &fault) {
    results.fail(blame.transform, blame.site, Stage::kProperties, missing(blame.prefix + what, usual, fault));
  };
  tools_.begin_molecule();
  Reason refusal;
  const auto molecule = read(smiles, needs_everything() ? nullptr : fast, refusal);
  if (!molecule) {
    fail(chosen_.size() == 1 ? chosen_.front()->name : "all properties", Code::kNoProperty, refusal);
    return values;
  }
  for (std::size_t place = 0; place < chosen_.size(); ++place) {
    Reason fault;
    values[place] = try_compute(*chosen_[place], *molecule, tools_, fault);
    if (std::holds_alternative<std::monostate>(values[place])) {
      fail(chosen_[place]->name, chosen_[place]->missing, fault);
    }
  }
  return values;
}

bool Properties::needs_everything() const {
  return std::any_of(chosen_.begin(), chosen_.end(),
                     [](const Property *property) { return property->need == Need::kEverything; });
}

}  // namespace xform
