#include "review/parents.h"

#include <GraphMol/SmilesParse/SmilesParse.h>

#include <algorithm>
#include <utility>

#include "base/map_number.h"

namespace xform {

Parents::Parents(const Subject &subject) {
  const auto &text = subject.transform().text;
  if (text.query_smarts) {
    query_ = RDKit::v2::SmilesParse::MolFromSmarts(*text.query_smarts);
  }
  for (const auto &atom : subject.reactant()) {
    std::vector<AtomPattern> patterns{AtomPattern(*atom.atom)};
    if (query_ && atom.number) {
      for (const auto *other : query_->atoms()) {
        if (map_number(*other) == atom.number) {
          patterns.emplace_back(*other);
        }
      }
    }
    states_.push_back(possible_states(patterns));
    patterns_.push_back(std::move(patterns));
  }
}

bool Parents::surely_match(const RDKit::Atom &atom, const AtomState &state) const {
  const auto &patterns = patterns_[atom.getIdx()];
  return std::all_of(patterns.begin(), patterns.end(),
                     [&](const AtomPattern &pattern) { return pattern.matches(state) == Answer::kYes; });
}

}  // namespace xform
