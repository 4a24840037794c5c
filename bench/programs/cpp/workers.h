// Rows shared out to threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

// Calls `body(take)` on each of `workers` threads; `take(begin, end)` gives the next rows, false where none
// are left.
template <typename Body>
void on_workers(std::size_t workers, std::size_t rows, Body body) {
  constexpr std::size_t kChunk = 256;
  std::atomic<std::size_t> next{0};
  const auto take = [&](std::size_t& begin, std::size_t& end) {
    begin = next.fetch_add(kChunk);
    end = std::min(begin + kChunk, rows);
    return begin < rows;
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers; ++i) {
    threads.emplace_back([&] { body(take); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
}
