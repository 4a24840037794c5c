#include "fast/ring_core.h"

#include <algorithm>
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
  std::vector<unsigned int> ends;
  for (unsigned int atom = 0; atom < degree_.size(); ++atom) {
    if (degree_[atom] == 1) {
      ends.push_back(atom);
    }
  }
  take_away(std::move(ends));
}

void RingCore::take_away(std::vector<unsigned int> atoms) {
  while (!atoms.empty()) {
    const auto atom = atoms.back();
    atoms.pop_back();
    if (!degree_[atom]) {
      continue;
    }
    degree_[atom] = 0;
    for (auto i = first_[atom]; i < first_[atom + 1]; ++i) {
      const auto neighbour = neighbours_[i];
      if (degree_[neighbour] && --degree_[neighbour] == 1) {
        atoms.push_back(neighbour);
      }
    }
  }
}

// A ring through `atom` is a path between its two neighbours that does not pass through it.
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
  target_ = target;
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

bool RingCore::surely_covers(std::vector<Bond> bonds) const {
  const auto forget = [&](auto &&is_sure) {
    bonds.erase(std::remove_if(bonds.begin(), bonds.end(), is_sure), bonds.end());
  };
  forget([&](const Bond &bond) { return std::min(degree_[bond.begin], degree_[bond.end]) == 2; });
  for (auto left = *this; !bonds.empty();) {
    std::vector<unsigned int> chains;
    for (unsigned int atom = 0; atom < left.degree_.size(); ++atom) {
      if (left.degree_[atom] == 2) {
        chains.push_back(atom);
      }
    }
    if (chains.empty()) {
      return false;
    }
    for (const auto atom : chains) {
      const auto &ring = left.only_shortest_ring(atom);
      const auto has = [&](unsigned int member) {
        return std::find(ring.begin(), ring.end(), member) != ring.end();
      };
      const bool is_on_cycle = left.distance_[left.target_] != kFar;
      forget([&](const Bond &bond) {
        const bool is_left = left.degree_[bond.begin] && left.degree_[bond.end];
        const bool is_of_chain = is_left && (bond.begin == atom || bond.end == atom);
        // A shortest ring has no chords.
        return is_of_chain ? is_on_cycle : has(bond.begin) && has(bond.end);
      });
    }
    left.take_away(std::move(chains));
  }
  return true;
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
