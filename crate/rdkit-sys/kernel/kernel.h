// The batch kernel: rows of SMILES in, columns out, all transforms in one pass.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/columns.h"
#include "base/in_hand.h"
#include "base/limits.h"
#include "base/row.h"
#include "base/skip.h"
#include "fast/fast.h"
#include "plain/transform.h"
#include "witness.h"

namespace xform {

struct Parent;

// Rows of SMILES.
struct Batch {
  std::uint64_t first_row;  // position in the library of the first one
  // Their text lies between consecutive ones of the `rows + 1` ascending `offsets` into `bytes`.
  std::string_view bytes;
  const std::uint32_t *offsets;
  std::size_t rows;
  std::vector<RowSkip> skips;           // in the order (row, transform)
  std::vector<std::uint32_t> rechecks;  // rows to make a second time by RDKit alone, ascending
};

// Applies its transforms to batches of rows. One a thread. Memory: one row's molecules, the compiled
// transforms and the columns of the last batch.
class Kernel {
 public:
  explicit Kernel(Limits limits) : limits_(limits) {}

  void add(std::unique_ptr<Transform> transform);  // at most 65,536

  // InHand::keep_record.
  void keep_crash_record(const std::string &path) { in_hand_.keep_record(path); }

  // Applies all transforms to the rows of `batch`, parsing each row once. An empty row stands for one that
  // was refused before: rejected by every transform, no record. A skipped row or transform is rejected with a
  // record. A bad row is a record and never an exception; std::bad_alloc escapes only if even the record
  // finds no memory.
  //
  // Of the rows to recheck, those of which the fast wing has answered something are made again and compared
  // (witness.h). At the first difference the run ends, and the columns lack the rows behind it.
  void run(const Batch &batch);

  // Whether the fast wing is asked before RDKit. It is on at first, and changes no result.
  void turn_fast(bool on) { is_fast_ = on; }
  const FastWing &fast() const { return fast_; }

  std::size_t transforms() const { return transforms_.size(); }

  // Of the last run.
  const Columns &columns() const { return columns_; }
  const Witness &witness() const { return witness_; }

 private:
  // A row on its way through the transforms.
  struct Row {
    std::uint64_t source_row;
    std::string_view smiles;
    SkipsOfRow skips;
  };

  void run_row(const Row &row);
  // Makes all results of a row. `fast` null: by RDKit alone.
  void make_all(const Row &row, FastWing *fast, RowResults &results);
  // Fills `parent`, unless no transform can have a site in the row and its molecule is not needed to know
  // that it is good. False if the row is bad.
  bool read(std::string_view smiles, FastWing *fast, Parent &parent, Reason &refusal);
  void make(const Row &row, std::uint16_t index, FastWing *fast, Parent &parent, RowResults &results);
  void recheck(const Row &row);

  const Limits limits_;
  InHand in_hand_;
  std::vector<std::unique_ptr<Transform>> transforms_;
  FastWing fast_;
  bool is_fast_ = true;
  bool reads_hybridization_ = false;  // any of the transforms
  RowResults results_;                // of the row at hand
  RowResults again_;                  // the same by RDKit alone
  Witness witness_;
  Columns columns_;
};

}  // namespace xform
