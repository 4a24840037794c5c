#include "base/skip.h"

#include <algorithm>

namespace xform {

const RowSkip *SkipsOfRow::find(std::int32_t transform) const {
  const auto found =
      std::find_if(begin_, end_, [&](const RowSkip &skip) { return skip.transform == transform; });
  return found == end_ ? nullptr : &*found;
}

SkipsOfRow SkipsOfBatch::take(std::uint32_t row) {
  const auto begin = next_;
  next_ = std::find_if(begin, end_, [&](const RowSkip &skip) { return skip.row != row; });
  return {begin, next_};
}

Reason reason_of(const RowSkip &skip) {
  switch (skip.code) {
    case Code::kTimedOut:
      return {skip.code, "it took more CPU time than --mol-timeout"};
    case Code::kOutOfMemory:
      return {skip.code, "memory ran out at this molecule, also when it was tried alone, twice"};
    default:
      return {skip.code, "the process died at this molecule, also when it was tried alone"};
  }
}

}  // namespace xform
