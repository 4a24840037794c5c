// Template atoms with their bonds, looked up in a plain graph all at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fast/atom_queries.h"
#include "fast/plain_graph.h"

namespace xform {

// The distinct environments of template atoms: the query of an atom and those of its neighbours. Molecules
// consist of a small number of environments, too. For each of these, the environments of template atoms that
// it may match are determined once and then remembered as bits, so that a row costs a look-up for each atom,
// whatever the number of templates.
//
// Memory: kBytes for what is remembered, which is forgotten when it is full, and some 100 bytes for each
// environment.
class Environments {
 public:
  // Of a neighbour: the bonds that may lead to it, and its query.
  using Neighbor = std::pair<BondKinds, std::uint32_t>;

  // The number of the environment; equal ones share one. All are added before the first graph.
  std::uint32_t add(std::uint32_t query, std::vector<Neighbor> neighbors);

  // Determines which of them occur in the graph that `answers` has taken up.
  void look_at(const PlainGraph &graph, const AtomQueries &answers);

  std::size_t size() const { return all_.size(); }
  bool occurs(std::uint32_t environment) const { return found_[environment / 64] >> (environment % 64) & 1; }

  // Calls `visit` with each environment that occurs.
  template <typename Visit>
  void each_occurring(Visit &&visit) const {
    for (std::size_t word = 0; word < found_.size(); ++word) {
      for (auto left = found_[word]; left; left &= left - 1) {
        visit(word * 64 + static_cast<std::size_t>(__builtin_ctzll(left)));
      }
    }
  }

 private:
  using Word = std::uint64_t;
  static constexpr std::size_t kBytes = 8 << 20;

  // An atom of a graph: its kind, and bond and kind of its neighbours, packed.
  struct Key {
    std::uint64_t first, rest;
    bool operator==(const Key &other) const { return first == other.first && rest == other.rest; }
  };
  struct Hash {
    std::size_t operator()(const Key &key) const;
  };
  struct Environment {
    std::uint32_t query;
    std::vector<Neighbor> neighbors;
  };

  std::size_t words() const { return (all_.size() + 63) / 64; }
  Key key_of(std::uint16_t atom, const PlainGraph &graph, const AtomQueries &answers) const;
  std::size_t learn(const Key &key, std::uint16_t atom, const PlainGraph &graph, const AtomQueries &answers);
  bool surrounds(const Environment &environment, std::uint16_t atom, const PlainGraph &graph,
                 const AtomQueries &answers) const;

  std::vector<Environment> all_;
  std::vector<std::vector<std::uint32_t>> of_query_;  // by query: its environments
  std::unordered_map<Key, std::size_t, Hash> known_;  // where its bits begin
  std::vector<Word> bits_;
  std::vector<Word> found_;
};

}  // namespace xform
