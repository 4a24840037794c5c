#include "base/columns.h"

#include <limits>
#include <stdexcept>

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

void ProductColumns::push(std::uint32_t row_index, const ProductRecord &record) {
  row.push_back(row_index);
  transform.push_back(record.transform);
  product_index.push_back(record.product_index);
  site_index.push_back(record.site_index);
  site_count.push_back(record.site_count);
  site_atoms.push(record.site_atoms.begin(), record.site_atoms.end());
  product_site_atoms.push(record.written.site_atoms.begin(), record.written.site_atoms.end());
  smiles.push(record.written.smiles.begin(), record.written.smiles.end());
}

void ProductColumns::resize(std::size_t products) {
  row.resize(products);
  transform.resize(products);
  product_index.resize(products);
  site_index.resize(products);
  site_count.resize(products);
  site_atoms.resize(products);
  product_site_atoms.resize(products);
  smiles.resize(products);
}

void Columns::reset(std::size_t rows, std::size_t transforms) {
  outcomes.clear();
  outcomes.reserve(rows);
  rejected.clear();
  rejected.reserve(rows);
  products.resize(0);
  failures.clear();
  tallies.assign(transforms, Tally());
}

void Columns::append_records(std::uint32_t row, const RowResults &results) {
  for (const auto &product : results.products) {
    products.push(row, product);
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
  } catch (...) {
    products.resize(products_before);
    failures.erase(failures.begin() + static_cast<std::ptrdiff_t>(failures_before), failures.end());
    throw;
  }
  // reset() has reserved space for these.
  outcomes.push_back(static_cast<std::uint8_t>(results.outcome));
  rejected.push_back(results.rejected);
  for (std::size_t transform = 0; transform < tallies.size(); ++transform) {
    tallies[transform] += results.tallies[transform];
  }
}

}  // namespace xform
