#include "fast/environments.h"

#include <algorithm>
#include <array>

namespace xform {
namespace {

// A bond in four bits.
std::uint64_t code_of(const PlainGraph::Bond &bond) {
  return (bond.order & 3u) * 4 + 2u * bond.in_ring + bond.may_be_aromatic;
}

}  // namespace

std::size_t Environments::Hash::operator()(const Key &key) const {
  const auto mixed = (key.first ^ key.rest * 0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd;
  return mixed ^ mixed >> 32;
}

std::uint32_t Environments::add(std::uint32_t query, std::vector<Neighbor> neighbors) {
  std::sort(neighbors.begin(), neighbors.end());
  neighbors.erase(std::unique(neighbors.begin(), neighbors.end()), neighbors.end());
  of_query_.resize(std::max<std::size_t>(of_query_.size(), query + 1));
  auto &alike = of_query_[query];
  const auto known = std::find_if(alike.begin(), alike.end(),
                                  [&](std::uint32_t other) { return all_[other].neighbors == neighbors; });
  if (known != alike.end()) {
    return *known;
  }
  alike.push_back(static_cast<std::uint32_t>(all_.size()));
  all_.push_back({query, std::move(neighbors)});
  return alike.back();
}

void Environments::look_at(const PlainGraph &graph, const AtomQueries &answers) {
  found_.assign(words(), 0);
  for (std::uint16_t atom = 0; atom < graph.atoms().size(); ++atom) {
    const auto key = key_of(atom, graph, answers);
    const auto known = known_.find(key);
    const auto begin = known != known_.end() ? known->second : learn(key, atom, graph, answers);
    for (std::size_t word = 0; word < found_.size(); ++word) {
      found_[word] |= bits_[begin + word];
    }
  }
}

// A kind has 13 bits, a bond 4. The kind of the atom shows how many neighbours follow.
Environments::Key Environments::key_of(std::uint16_t index, const PlainGraph &graph,
                                       const AtomQueries &answers) const {
  static_assert(PlainKinds::kAtoms < 1 << 13 && PlainGraph::kMaxDegree <= 6);
  const auto &atom = graph.atoms()[index];
  std::array<std::uint64_t, 6> codes{};
  for (std::size_t place = 0; place < atom.degree; ++place) {
    const auto &bond = graph.bonds()[atom.bonds[place]];
    codes[place] = code_of(bond) << 13 | answers.kinds()[bond.other(index)];
  }
  std::sort(codes.begin(), codes.begin() + atom.degree);
  return {answers.kinds()[index] | codes[0] << 13 | codes[1] << 30 | codes[2] << 47,
          codes[3] | codes[4] << 17 | codes[5] << 34};
}

std::size_t Environments::learn(const Key &key, std::uint16_t atom, const PlainGraph &graph,
                                const AtomQueries &answers) {
  if ((bits_.size() + words()) * sizeof(Word) > kBytes) {
    known_.clear();
    bits_.clear();
  }
  const auto begin = bits_.size();
  bits_.resize(begin + words());
  for (std::uint32_t query = 0; query < of_query_.size(); ++query) {
    if (!answers.may_match(query, answers.kinds()[atom])) {
      continue;
    }
    for (const auto number : of_query_[query]) {
      bits_[begin + number / 64] |= Word{surrounds(all_[number], atom, graph, answers)} << (number % 64);
    }
  }
  known_.emplace(key, begin);
  return begin;
}

bool Environments::surrounds(const Environment &environment, std::uint16_t index, const PlainGraph &graph,
                             const AtomQueries &answers) const {
  const auto &atom = graph.atoms()[index];
  return std::all_of(
      environment.neighbors.begin(), environment.neighbors.end(), [&](const Neighbor &neighbor) {
        return std::any_of(atom.bonds.begin(), atom.bonds.begin() + atom.degree, [&](std::uint16_t place) {
          const auto &bond = graph.bonds()[place];
          return (kinds_of(bond) & neighbor.first) &&
                 answers.may_match(neighbor.second, answers.kinds()[bond.other(index)]);
        });
      });
}

}  // namespace xform
