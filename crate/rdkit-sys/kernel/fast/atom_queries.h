// What the atoms of templates ask, and the answers for the atoms of plain graphs.
#pragma once

#include <GraphMol/Atom.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "fast/plain_kinds.h"

namespace xform {

// The distinct atom queries of all templates. Each is asked once for each kind of atom that rows have, when
// that kind is first seen. Memory: a bit for each query and kind; libraries have some hundreds of kinds.
class AtomQueries {
 public:
  using Word = std::uint64_t;

  // The number of a template atom's query. Queries that are written alike, map numbers apart, share one. All
  // are added before the first graph.
  std::uint32_t add(const RDKit::Atom &atom);

  std::size_t size() const { return queries_.size(); }

  // Numbers the kinds of the atoms of `graph` in the order in which they are first seen.
  void take_up(const PlainGraph &graph);

  // By atom of the graph: the number of its kind.
  const std::vector<std::uint16_t> &kinds() const { return kinds_; }
  std::size_t kinds_seen() const { return kinds_seen_; }

  // Whether an atom of that kind may satisfy the query.
  bool may_match(std::uint32_t query, std::size_t kind) const {
    return answers_[kind * words() + query / 64] >> (query % 64) & 1;
  }

 private:
  static constexpr std::uint16_t kUnseen = 0xffff;

  std::size_t words() const { return (queries_.size() + 63) / 64; }
  std::uint16_t see(std::size_t kind);

  std::vector<std::unique_ptr<RDKit::Atom>> queries_;
  std::unordered_map<std::string, std::uint32_t> by_smarts_;
  std::vector<std::uint16_t> numbers_ = std::vector<std::uint16_t>(PlainKinds::kAtoms, kUnseen);
  std::size_t kinds_seen_ = 0;
  std::vector<Word> answers_;  // by number of a kind: a bit for each query
  std::vector<std::uint16_t> kinds_;
};

}  // namespace xform
