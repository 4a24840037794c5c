#include "review/labelled_graph.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace xform {
namespace {

constexpr int kMostNumberings = 256;

// By node: the rank of its key.
template <typename Key>
std::vector<int> ranks(const std::vector<Key> &keys) {
  std::vector<Key> sorted(keys);
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<int> found;
  found.reserve(keys.size());
  for (const auto &key : keys) {
    found.push_back(std::lower_bound(sorted.begin(), sorted.end(), key) - sorted.begin());
  }
  return found;
}

int count_distinct(std::vector<int> colours) {
  std::sort(colours.begin(), colours.end());
  return std::unique(colours.begin(), colours.end()) - colours.begin();
}

// The lowest colour that several nodes have; -1 if none.
int first_shared(std::vector<int> colours) {
  std::sort(colours.begin(), colours.end());
  const auto twice = std::adjacent_find(colours.begin(), colours.end());
  return twice == colours.end() ? -1 : *twice;
}

// A length before each text keeps texts with any characters apart.
void append(std::string &all, const std::string &text) { all += std::to_string(text.size()) + ':' + text; }

}  // namespace

int LabelledGraph::add_node(std::string label) {
  nodes_.push_back({std::move(label), {}, {}, false});
  return static_cast<int>(nodes_.size()) - 1;
}

void LabelledGraph::add_edge(int begin, int end, std::string from_begin, std::string from_end) {
  nodes_[begin].edges.push_back({end, std::move(from_begin)});
  nodes_[end].edges.push_back({begin, std::move(from_end)});
}

void LabelledGraph::set_chiral(int node, std::vector<int> neighbours, bool clockwise) {
  nodes_[node].chiral_neighbours = std::move(neighbours);
  nodes_[node].clockwise = clockwise;
}

std::string LabelledGraph::canonical_text() const {
  std::vector<std::pair<std::string, std::size_t>> keys;
  for (const auto &node : nodes_) {
    keys.emplace_back(node.label, node.chiral_neighbours.size());
  }
  int numberings_left = kMostNumberings;
  std::string least;
  search(ranks(keys), numberings_left, least);
  return least;
}

LabelledGraph::Colours LabelledGraph::refined(Colours colours) const {
  for (int count = count_distinct(colours), before = 0; count != before;) {
    std::vector<std::pair<int, std::vector<std::pair<std::string, int>>>> keys;
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      std::vector<std::pair<std::string, int>> around;
      for (const auto &edge : nodes_[node].edges) {
        around.emplace_back(edge.label, colours[edge.other]);
      }
      std::sort(around.begin(), around.end());
      keys.emplace_back(colours[node], std::move(around));
    }
    colours = ranks(keys);
    before = std::exchange(count, count_distinct(colours));
  }
  return colours;
}

// Tries each of the first nodes that are not told apart as the first of them, and keeps the least text.
void LabelledGraph::search(Colours colours, int &numberings_left, std::string &least) const {
  colours = refined(std::move(colours));
  const int shared = first_shared(colours);
  if (shared < 0) {
    --numberings_left;
    auto found = text(colours);
    if (least.empty() || found < least) {
      least = std::move(found);
    }
    return;
  }
  for (std::size_t node = 0; node < nodes_.size() && numberings_left > 0; ++node) {
    if (colours[node] == shared) {
      auto told_apart = colours;
      for (auto &colour : told_apart) {
        colour = 2 * colour + 1;
      }
      --told_apart[node];
      search(std::move(told_apart), numberings_left, least);
    }
  }
}

bool LabelledGraph::is_clockwise(const Node &node, const Colours &colours) const {
  bool clockwise = node.clockwise;
  const auto &around = node.chiral_neighbours;
  for (std::size_t one = 0; one < around.size(); ++one) {
    for (std::size_t other = one + 1; other < around.size(); ++other) {
      clockwise ^= colours[around[other]] < colours[around[one]];
    }
  }
  return clockwise;
}

// `colours` are 0, 1, 2, ...: a numbering.
std::string LabelledGraph::text(const Colours &colours) const {
  std::vector<const Node *> ordered(nodes_.size());
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    ordered[colours[node]] = &nodes_[node];
  }
  std::string all;
  for (const auto *node : ordered) {
    append(all, node->label);
    if (!node->chiral_neighbours.empty()) {
      all += is_clockwise(*node, colours) ? '@' : '!';
    }
    std::vector<std::pair<int, std::string>> edges;
    for (const auto &edge : node->edges) {
      edges.emplace_back(colours[edge.other], edge.label);
    }
    std::sort(edges.begin(), edges.end());
    for (const auto &[other, label] : edges) {
      all += '(' + std::to_string(other) + ' ';
      append(all, label);
      all += ')';
    }
  }
  return all;
}

}  // namespace xform
