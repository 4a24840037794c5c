// The batch kernel: rows of SMILES in, columns out, all transforms in one pass.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "columns.h"
#include "row.h"
#include "transform.h"

namespace xform {

// Applies its transforms to batches of rows. One a thread. Memory: one row's molecules, the compiled
// transforms and the columns of the last batch.
class Kernel {
 public:
  void add(std::unique_ptr<Transform> transform);  // at most 65,536

  // Applies all transforms to the `rows` rows whose text lies between consecutive ones of the `rows + 1`
  // ascending `offsets` into `bytes`, parsing each row once. An empty row stands for one that was refused
  // before: rejected by every transform, no record. A bad row is a record and never an exception;
  // std::bad_alloc escapes only if even the record finds no memory.
  void run(std::string_view bytes, const std::uint32_t *offsets, std::size_t rows);

  // Of the last run.
  const Columns &columns() const { return columns_; }

 private:
  void run_row(std::string_view smiles);
  void apply_all(std::string_view smiles);
  void refuse_row(Stage stage, Reason reason);

  std::vector<std::unique_ptr<Transform>> transforms_;
  RowResults results_;  // of the row at hand
  Columns columns_;
};

}  // namespace xform
