#include "fast/atom_queries.h"

#include <GraphMol/SmilesParse/SmartsWrite.h>

#include <utility>

namespace xform {

std::uint32_t AtomQueries::add(const RDKit::Atom &atom) {
  // Of its own, because a template may end before its prefilter.
  std::unique_ptr<RDKit::Atom> query(atom.copy());
  query->setAtomMapNum(0);
  const auto number = static_cast<std::uint32_t>(queries_.size());
  const auto [known, is_new] = by_smarts_.try_emplace(RDKit::SmartsWrite::GetAtomSmarts(query.get()), number);
  if (is_new) {
    queries_.push_back(std::move(query));
  }
  return known->second;
}

void AtomQueries::take_up(const PlainGraph &graph) {
  kinds_.clear();
  for (const auto &atom : graph.atoms()) {
    const auto kind = PlainKinds::number_of(atom);
    const auto number = numbers_[kind];
    kinds_.push_back(number == kUnseen ? see(kind) : number);
  }
}

std::uint16_t AtomQueries::see(std::size_t kind) {
  const auto first = answers_.size();
  answers_.resize(first + words());
  const auto atom = PlainKinds::kind_of(kind);
  for (std::size_t query = 0; query < queries_.size(); ++query) {
    answers_[first + query / 64] |= Word{xform::may_match(*queries_[query], atom)} << (query % 64);
  }
  return numbers_[kind] = static_cast<std::uint16_t>(kinds_seen_++);
}

}  // namespace xform
