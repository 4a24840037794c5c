// A batch's results as columns.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
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

// Lists of texts: list i has the texts offsets[i] to offsets[i + 1] - 1.
struct TextLists {
  Lists<std::uint8_t> texts;
  std::vector<std::uint32_t> offsets{0};

  std::size_t size() const { return offsets.size() - 1; }
  void resize(std::size_t lists);                   // only shrinks; does not allocate
  void push(const std::vector<std::string> &list);  // as Lists::push
};

// The values of a column, one per product; the type tells all other layers what they are.
using Int32s = std::vector<std::int32_t>;
using Float64s = std::vector<double>;
using Bools = std::vector<std::uint8_t>;  // 0 or 1
using Texts = Lists<std::uint8_t>;        // UTF-8
using Int32Lists = Lists<std::int32_t>;
using Values = std::variant<Int32s, Float64s, Bools, Texts, Int32Lists, TextLists>;

// A column's values, and which of them are missing.
struct ColumnValues {
  Values values;
  Bools nulls;  // of a nullable column: 1 for each value that is missing; otherwise empty

  void resize(std::size_t products);  // only shrinks
};

// A column of the products that the kernel computes. All other code passes it on by its name and type.
struct ComputedColumn {
  std::string name;     // in the output
  std::string meaning;  // in the documentation
  Values none;          // of its type
  bool is_nullable;
  // Adds the value of a product of that row.
  std::function<void(ColumnValues &, const RowResults &, const ProductRecord &)> append;
};

// Those that every kernel computes, in the order of the output. That of the standardized parent follows, if
// parents are standardized, then the chosen notations (notations/notations.h) and properties
// (properties/properties.h).
const std::vector<ComputedColumn> &computed_columns();
ComputedColumn parent_column();

struct ProductColumns {
  std::vector<std::uint32_t> row;
  std::vector<std::uint16_t> transform;
  Int32s product_index;
  Int32s site_index;
  Texts smiles;
  std::vector<ColumnValues> computed;  // one for each of the declared columns

  // Sets the columns to compute, before the first product.
  void declare(std::vector<ComputedColumn> columns);
  const std::vector<ComputedColumn> &declared() const { return declared_; }

  std::size_t size() const { return row.size(); }
  void push(std::uint32_t row_index, const RowResults &results, const ProductRecord &record);
  void resize(std::size_t products);  // only shrinks

 private:
  std::vector<ComputedColumn> declared_;
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

  // Adds to each tally the rows in which its transform found no site, and those that all transforms reject.
  // Called once, after the last row.
  void finish();

  std::vector<std::uint8_t> outcomes;  // Outcome, one per row
  std::vector<std::uint8_t> rejected;  // 0 or 1, one per row
  // 0 or 1, one per row: whether standardizing made another molecule of it.
  std::vector<std::uint8_t> standardized;
  // 0 or 1, one per row: whether its SMILES lacks details of its mol block.
  std::vector<std::uint8_t> simplified;
  Texts smiles;  // ReadRow::smiles, one per row
  ProductColumns products;
  std::vector<BatchFailure> failures;
  std::vector<Tally> tallies;  // one per transform; complete when finished

 private:
  void append_records(std::uint32_t row, const RowResults &results);

  std::size_t rows_all_reject_ = 0;
};

}  // namespace xform
