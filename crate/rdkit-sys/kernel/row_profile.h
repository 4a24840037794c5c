// What each row of a batch has and costs.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/row.h"

namespace xform {

// One entry per row. The time is that of a clock, not of the processor: reading it takes some 25 ns, the
// processor's time of a thread ten times that. A thread that had to wait therefore makes a row look slow.
// Memory: 16 bytes a row, kept from batch to batch.
class RowProfile {
 public:
  // Empties it for a batch. The time of the first row begins.
  void begin(std::size_t rows) {
    sites_.clear();
    sites_.reserve(rows);
    nanoseconds_.clear();
    nanoseconds_.reserve(rows);
    begin_row();
  }

  // The time of the next row begins: what was done since the last one belongs to no row.
  void begin_row() { began_ = Clock::now(); }

  // Adds a row that has just been finished. The time of the next one begins.
  void add(const RowResults &row) {
    std::uint64_t sites = 0;
    for (const auto &tally : row.tallies) {
      sites += tally.counts.sites;
    }
    const auto ended = Clock::now();
    const auto taken = std::chrono::duration_cast<std::chrono::nanoseconds>(ended - began_);
    sites_.push_back(sites);
    nanoseconds_.push_back(static_cast<std::uint64_t>(taken.count()));
    began_ = ended;
  }

  // Sites of all transforms.
  const std::vector<std::uint64_t> &sites() const { return sites_; }
  const std::vector<std::uint64_t> &nanoseconds() const { return nanoseconds_; }

 private:
  using Clock = std::chrono::steady_clock;

  std::vector<std::uint64_t> sites_;
  std::vector<std::uint64_t> nanoseconds_;
  Clock::time_point began_;
};

}  // namespace xform
