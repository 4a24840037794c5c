#include "review/parents.h"

#include <algorithm>
#include <utility>

#include "base/map_number.h"

namespace xform {

Parents::Parents(const Subject &subject) : subject_(subject), found_(subject.reactant().size()) {}

std::vector<AtomPattern> Parents::patterns_of(const RDKit::Atom &atom) const {
  std::vector<AtomPattern> patterns{AtomPattern(atom)};
  const auto &query = subject_.transform().query;
  const auto number = map_number(atom);
  if (query && number) {
    for (const auto *other : query->pattern().atoms()) {
      if (map_number(*other) == number) {
        patterns.emplace_back(*other);
      }
    }
  }
  return patterns;
}

const Parents::Found &Parents::found(const RDKit::Atom &atom) const {
  auto &found = found_[atom.getIdx()];
  if (!found) {
    auto patterns = patterns_of(atom);
    auto states = possible_states(patterns);
    found = Found{std::move(patterns), std::move(states)};
  }
  return *found;
}

bool Parents::surely_match(const RDKit::Atom &atom, const AtomState &state) const {
  const auto &patterns = found(atom).patterns;
  return std::all_of(patterns.begin(), patterns.end(),
                     [&](const AtomPattern &pattern) { return pattern.matches(state) == Answer::kYes; });
}

}  // namespace xform
