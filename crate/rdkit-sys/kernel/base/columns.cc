#include "base/columns.h"

#include <limits>
#include <stdexcept>
#include <utility>

namespace xform {

template <typename Value>
void Lists<Value>::resize(std::size_t lists) {
  offsets.resize(lists + 1);
  values.resize(offsets.back());
}

template <typename Value>
template <typename Iterator>
void Lists<Value>::push(Iterator begin, Iterator end) {
  values.insert(values.end(), begin, end);
  if (values.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("the results of a batch exceed 4 GiB; use smaller batches");
  }
  offsets.push_back(static_cast<std::uint32_t>(values.size()));
}

void TextLists::resize(std::size_t lists) {
  offsets.resize(lists + 1);
  texts.resize(offsets.back());
}

void TextLists::push(const std::vector<std::string> &list) {
  for (const auto &text : list) {
    texts.push(text.begin(), text.end());
  }
  offsets.push_back(static_cast<std::uint32_t>(texts.size()));
}

namespace {

template <typename Value>
void append(std::vector<Value> &values, const Value &value) {
  values.push_back(value);
}

template <typename Member, typename Value>
void append(Lists<Member> &values, const Value &value) {
  values.push(value.begin(), value.end());
}

// A column of that type, with the value that `get` takes from a product.
template <typename Type, typename Get>
ComputedColumn column(const char *name, const char *meaning, Get get) {
  const bool is_nullable = false;
  return {name, meaning, Type(), is_nullable,
          [get](ColumnValues &column, const RowResults &, const ProductRecord &product) {
            append(std::get<Type>(column.values), get(product));
          }};
}

}  // namespace

const std::vector<ComputedColumn> &computed_columns() {
  using Record = const ProductRecord &;
  static const std::vector<ComputedColumn> all{
      column<Int32Lists>(
          "xf_site_atoms", "that site: all template atoms in template order, as atom indices of the parent",
          [](Record product) -> const auto & { return product.site_atoms; }),
      column<Int32s>("xf_site_count", "sites of the parent that give the product",
                     [](Record product) { return product.site_count; }),
      column<Int32Lists>(
          "product_site_atoms",
          "atoms kept from the site and atoms new to it, as positions of atoms in `smiles` as "
          "written, from 0, ascending",
          [](Record product) -> const auto & { return product.written.site_atoms; }),
  };
  return all;
}

ComputedColumn parent_column() {
  const bool is_nullable = false;
  return {"parent_smiles", "with `--standardize`: the standardized parent, canonical; the sites are its own",
          Texts(), is_nullable, [](ColumnValues &column, const RowResults &row, const ProductRecord &) {
            append(std::get<Texts>(column.values), row.parent.smiles);
          }};
}

void ColumnValues::resize(std::size_t products) {
  std::visit([products](auto &all) { all.resize(products); }, values);
  if (!nulls.empty()) {
    nulls.resize(products);
  }
}

void ProductColumns::declare(std::vector<ComputedColumn> columns) {
  declared_ = std::move(columns);
  computed.clear();
  for (const auto &column : declared_) {
    computed.push_back({column.none, {}});
  }
}

void ProductColumns::push(std::uint32_t row_index, const RowResults &results, const ProductRecord &record) {
  row.push_back(row_index);
  transform.push_back(record.transform);
  product_index.push_back(record.product_index);
  site_index.push_back(record.site_index);
  smiles.push(record.written.smiles.begin(), record.written.smiles.end());
  for (std::size_t index = 0; index < declared_.size(); ++index) {
    declared_[index].append(computed[index], results, record);
  }
}

void ProductColumns::resize(std::size_t products) {
  row.resize(products);
  transform.resize(products);
  product_index.resize(products);
  site_index.resize(products);
  smiles.resize(products);
  for (auto &column : computed) {
    column.resize(products);
  }
}

void Columns::reset(std::size_t rows, std::size_t transforms) {
  outcomes.clear();
  outcomes.reserve(rows);
  rejected.clear();
  rejected.reserve(rows);
  standardized.clear();
  standardized.reserve(rows);
  simplified.clear();
  simplified.reserve(rows);
  smiles.resize(0);
  products.resize(0);
  failures.clear();
  tallies.assign(transforms, Tally());
  rows_all_reject_ = 0;
}

void Columns::append_records(std::uint32_t row, const RowResults &results) {
  for (const auto &product : results.products) {
    products.push(row, results, product);
  }
  for (const auto &failure : results.failures) {
    failures.push_back({row, failure});
  }
}

void Columns::append(const RowResults &results) {
  const auto products_before = products.size();
  const auto failures_before = failures.size();
  try {
    append_records(static_cast<std::uint32_t>(outcomes.size()), results);
    smiles.push(results.read.smiles.begin(), results.read.smiles.end());
  } catch (...) {
    products.resize(products_before);
    failures.erase(failures.begin() + static_cast<std::ptrdiff_t>(failures_before), failures.end());
    smiles.resize(outcomes.size());
    throw;
  }
  // reset() has reserved space for these.
  outcomes.push_back(static_cast<std::uint8_t>(results.outcome));
  rejected.push_back(results.rejected);
  standardized.push_back(results.parent.is_changed);
  simplified.push_back(results.read.lost_details);
  for (const auto &tally : results.tallies) {
    tallies[tally.transform] += tally.counts;
  }
  rows_all_reject_ += results.all_reject;
}

void Columns::finish() {
  for (auto &tally : tallies) {
    tally.rows_rejected += rows_all_reject_;
    tally.rows_no_site =
        outcomes.size() - tally.rows_with_products - tally.rows_all_sites_excluded - tally.rows_rejected;
  }
}

}  // namespace xform
