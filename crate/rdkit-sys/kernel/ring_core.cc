#include "ring_core.h"

#include <limits>

namespace xform {
namespace {

constexpr auto kFar = std::numeric_limits<unsigned int>::max();

}  // namespace

RingCore::RingCore(std::size_t atoms, const std::vector<Bond> &bonds)
    : first_(atoms + 1, 0), neighbours_(2 * bonds.size()), degree_(atoms, 0) {
  for (const auto &bond : bonds) {
    ++degree_[bond.begin];
    ++degree_[bond.end];
  }
  for (std::size_t atom = 0; atom < atoms; ++atom) {
    first_[atom + 1] = first_[atom] + degree_[atom];
  }
  auto next = first_;
  for (const auto &bond : bonds) {
    neighbours_[next[bond.begin]++] = bond.end;
    neighbours_[next[bond.end]++] = bond.begin;
  }
  peel();
}

void RingCore::peel() {
  for (unsigned int atom = 0; atom < degree_.size(); ++atom) {
    if (degree_[atom] == 1) {
      queue_.push_back(atom);
    }
  }
  while (!queue_.empty()) {
    const auto atom = queue_.back();
    queue_.pop_back();
    degree_[atom] = 0;
    for (auto i = first_[atom]; i < first_[atom + 1]; ++i) {
      const auto neighbour = neighbours_[i];
      if (degree_[neighbour] && --degree_[neighbour] == 1) {
        queue_.push_back(neighbour);
      }
    }
  }
}

// A ring through `atom` is a path between its two neighbours that does not go through it.
const std::vector<unsigned int> &RingCore::only_shortest_ring(unsigned int atom) {
  distance_.assign(degree_.size(), kFar);
  before_.resize(degree_.size());
  is_ambiguous_.assign(degree_.size(), false);
  queue_.clear();
  ring_.clear();

  auto start = kFar, target = kFar;
  for (auto i = first_[atom]; i < first_[atom + 1]; ++i) {
    if (degree_[neighbours_[i]]) {
      start = target;
      target = neighbours_[i];
    }
  }
  distance_[atom] = 0;  // not to be entered
  distance_[start] = 1;
  queue_.push_back(start);
  for (std::size_t next = 0; next < queue_.size() && distance_[queue_[next]] < distance_[target]; ++next) {
    spread(queue_[next]);
  }
  if (distance_[target] == kFar || is_ambiguous_[target]) {
    return ring_;
  }
  ring_.push_back(atom);
  for (auto last = target; last != start; last = before_[last]) {
    ring_.push_back(last);
  }
  ring_.push_back(start);
  return ring_;
}

void RingCore::spread(unsigned int atom) {
  for (auto i = first_[atom]; i < first_[atom + 1]; ++i) {
    const auto neighbour = neighbours_[i];
    if (!degree_[neighbour]) {
      continue;
    }
    if (distance_[neighbour] == kFar) {
      distance_[neighbour] = distance_[atom] + 1;
      before_[neighbour] = atom;
      is_ambiguous_[neighbour] = is_ambiguous_[atom];
      queue_.push_back(neighbour);
    } else if (distance_[neighbour] == distance_[atom] + 1) {
      is_ambiguous_[neighbour] = true;
    }
  }
}

}  // namespace xform
