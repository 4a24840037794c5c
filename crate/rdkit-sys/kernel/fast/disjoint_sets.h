#pragma once

#include <numeric>
#include <vector>

namespace xform {

// Sets of numbers from 0; at first each number is a separate set.
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0u); }

  unsigned int find(unsigned int member) {
    while (parent_[member] != member) {
      member = parent_[member] = parent_[parent_[member]];
    }
    return member;
  }

  // False if they were already in one set.
  bool join(unsigned int one, unsigned int other) {
    one = find(one);
    other = find(other);
    parent_[one] = other;
    return one != other;
  }

 private:
  std::vector<unsigned int> parent_;
};

}  // namespace xform
