#include <optional>
#include <string>
#include <string_view>

#include "review/checks.h"

namespace xform {
namespace {

// RDKit searches the parent once for each $(...) that is written, nested ones included, even if the rest of
// the pattern cannot match. A search takes about 2 us in parents of 13 to 42 atoms, so these take as long as
// all else that is done with a parent that has no site.
constexpr std::size_t kMostRecursive = 50;

std::size_t count_recursive(std::string_view smarts) {
  std::size_t count = 0;
  for (auto at = smarts.find("$("); at != std::string_view::npos; at = smarts.find("$(", at + 1)) {
    ++count;
  }
  return count;
}

void report(std::size_t count, std::optional<Span> span, ReviewedPattern pattern, Findings &findings) {
  if (count > kMostRecursive) {
    findings.add(FindingCode::kRecursiveSmarts, span,
                 "RDKit searches each parent once for each of the " + std::to_string(count) +
                     " recursive patterns $(...), nested ones included, even if nothing else matches",
                 "join alternatives into one $(...) with lists, as in $(C[N,O,S]), or divide the rule",
                 pattern);
  }
}

}  // namespace

void check_recursive(const Subject &subject, Findings &findings) {
  std::size_t count = 0, most = 0;
  std::optional<Span> span;  // of the atom that has most of them
  for (const auto &atom : subject.reactant()) {
    const auto own = count_recursive(subject.text_of(atom));
    count += own;
    if (own > most) {
      most = own;
      span = atom.span;
    }
  }
  report(count, span, ReviewedPattern::kSmirks, findings);
  if (const auto &query = subject.transform().text.query_smarts) {
    report(count_recursive(*query), std::nullopt, ReviewedPattern::kQuerySmarts, findings);
  }
}

}  // namespace xform
