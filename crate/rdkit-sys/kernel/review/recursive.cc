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

void check_pattern(const MatchedPattern &matched, Findings &findings) {
  std::size_t count = 0, most = 0;
  std::optional<Span> span;  // of the atom that has most of them
  for (const auto &atom : matched.atoms) {
    const auto own = count_recursive(matched.text_of(atom));
    count += own;
    if (own > most) {
      most = own;
      span = atom.span;
    }
  }
  if (count > kMostRecursive) {
    findings.add(FindingCode::kRecursiveSmarts, span,
                 "RDKit searches each parent once for each of the " + std::to_string(count) +
                     " recursive patterns $(...), nested ones included, even if nothing else matches",
                 "join alternatives into one $(...) with lists, as in $(C[N,O,S]), or divide the rule",
                 matched.pattern);
  }
}

}  // namespace

void check_recursive(const Subject &subject, Findings &findings) {
  for (const auto &matched : subject.matched()) {
    check_pattern(matched, findings);
  }
}

}  // namespace xform
