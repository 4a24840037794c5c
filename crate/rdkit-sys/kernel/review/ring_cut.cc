#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "review/bond_orders.h"
#include "review/checks.h"
#include "review/parents.h"

namespace xform {
namespace {

using RDKit::Atom;

// Finds the paths of removed atoms that join atoms of different product templates, and may be in a ring.
class Cuts {
 public:
  Cuts(const Subject &subject, const Parents &parents) : subject_(subject), parents_(parents) {
    for (const auto &atom : subject.reactant()) {
      templates_.emplace_back();
      for (const auto &product : subject.products()) {
        if (atom.number && atom.number == product.number) {
          templates_.back().insert(product.which);
        }
      }
    }
  }

  // The atoms after `begin` that are in other product templates only.
  std::vector<unsigned int> from(const Atom &begin) const {
    std::vector<unsigned int> found;
    std::vector<bool> is_seen(templates_.size(), false);
    std::vector<const Atom *> open{&begin};
    is_seen[begin.getIdx()] = true;
    while (!open.empty()) {
      const Atom &atom = *open.back();
      open.pop_back();
      for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
        const Atom &next = *bond->getOtherAtom(&atom);
        if (is_seen[next.getIdx()] || !can_match_in_ring(*bond) || !can_be_in_ring(parents_.states(next))) {
          continue;
        }
        is_seen[next.getIdx()] = true;
        if (is_removed(next)) {
          open.push_back(&next);
        } else if (next.getIdx() > begin.getIdx() && are_apart(begin, next)) {
          found.push_back(next.getIdx());
        }
      }
    }
    return found;
  }

  bool is_removed(const Atom &atom) const { return templates_[atom.getIdx()].empty(); }

 private:
  bool are_apart(const Atom &one, const Atom &other) const {
    const auto &some = templates_[one.getIdx()];
    const auto &others = templates_[other.getIdx()];
    return std::none_of(some.begin(), some.end(), [&](std::size_t which) { return others.count(which) > 0; });
  }

  const Subject &subject_;
  const Parents &parents_;
  std::vector<std::set<std::size_t>>
      templates_;  // the product templates of each atom of the reactant template
};

}  // namespace

void check_ring_cuts(const Subject &subject, const Parents &parents, Findings &findings) {
  if (subject.transform().product_templates() < 2) {
    return;
  }
  const Cuts cuts(subject, parents);
  for (const auto &atom : subject.reactant()) {
    if (cuts.is_removed(*atom.atom) || !can_be_in_ring(parents.states(*atom.atom))) {
      continue;
    }
    for (const auto other : cuts.from(*atom.atom)) {
      const auto &end = subject.reactant()[other];
      std::optional<Span> span;
      if (atom.span && end.span) {
        span = Span{atom.span->begin, end.span->end};
      }
      findings.add(
          FindingCode::kRingCut, span,
          "in a ring, this cut does not separate anything: the other atoms of the ring are in both products",
          "write !@ for bonds outside rings, or one product template in parentheses, as in ([C:1].[O:2])");
    }
  }
}

}  // namespace xform
