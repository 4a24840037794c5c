// Rows of a batch to skip, for all transforms or for one.
#pragma once

#include <cstdint>
#include <vector>

#include "base/failure.h"

namespace xform {

// A row, or a row for one transform, that an earlier attempt did not survive.
struct RowSkip {
  std::uint32_t row;       // in the batch
  std::int32_t transform;  // kNone: all
  Code code;               // kCrashed, kTimedOut or kOutOfMemory
};

// The skips of one row.
class SkipsOfRow {
 public:
  using Iterator = std::vector<RowSkip>::const_iterator;

  SkipsOfRow(Iterator begin, Iterator end) : begin_(begin), end_(end) {}

  bool empty() const { return begin_ == end_; }

  // The skip for `transform` itself (kNone: for the row as a whole); null if there is none.
  const RowSkip *find(std::int32_t transform) const;

 private:
  Iterator begin_, end_;
};

// Hands out the skips of a batch, which must be in the order of its rows, row by row.
class SkipsOfBatch {
 public:
  explicit SkipsOfBatch(const std::vector<RowSkip> &skips) : next_(skips.begin()), end_(skips.end()) {}

  SkipsOfRow take(std::uint32_t row);

 private:
  SkipsOfRow::Iterator next_, end_;
};

Reason reason_of(const RowSkip &skip);

}  // namespace xform
