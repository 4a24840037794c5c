// A batch's results as columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/row.h"

namespace xform {

// Lists one after the other: list i is values[offsets[i]] to values[offsets[i + 1] - 1].
template <typename Value>
struct Lists {
  std::vector<Value> values;
  std::vector<std::uint32_t> offsets{0};

  std::size_t size() const { return offsets.size() - 1; }
  void resize(std::size_t lists);  // only shrinks; does not allocate
  template <typename Iterator>
  void push(Iterator begin, Iterator end);  // throws std::length_error past 2^32 - 1 values
};

struct ProductColumns {
  std::vector<std::uint32_t> row;
  std::vector<std::uint16_t> transform;
  std::vector<std::int32_t> product_index;
  std::vector<std::int32_t> site_index;
  std::vector<std::int32_t> site_count;
  Lists<std::int32_t> site_atoms;
  Lists<std::int32_t> product_site_atoms;
  Lists<std::uint8_t> smiles;

  std::size_t size() const { return row.size(); }
  void push(std::uint32_t row_index, const ProductRecord &record);
  void resize(std::size_t products);  // only shrinks
};

struct BatchFailure {
  std::uint32_t row;
  FailureRecord record;
};

// The results of a batch. Memory: the rows' results themselves; kept from batch to batch.
class Columns {
 public:
  // Empties them for a batch.
  void reset(std::size_t rows, std::size_t transforms);

  // Adds the next row. Strong guarantee: if it throws, the columns are unchanged.
  void append(const RowResults &results);

  std::vector<std::uint8_t> outcomes;  // Outcome, one per row
  std::vector<std::uint8_t> rejected;  // 0 or 1, one per row
  ProductColumns products;
  std::vector<BatchFailure> failures;
  std::vector<Tally> tallies;  // one per transform

 private:
  void append_records(std::uint32_t row, const RowResults &results);
};

}  // namespace xform
