#include <algorithm>
#include <string>

#include "base/elements.h"
#include "plain/demands.h"
#include "review/checks.h"
#include "review/demands.h"

namespace xform {
namespace {

// Labelled hydrogens and protons are atoms of a parent, so a pattern may well mean them.
bool is_plain_hydrogen(const RDKit::Atom &atom) {
  Elements hydrogen;
  hydrogen.set(kHydrogen);
  return possible_elements(atom) == hydrogen && demanded_value(atom, "AtomIsotope").value_or(0) == 0 &&
         demanded_charge(atom).value_or(0) == 0;
}

bool has_plain_hydrogen(const RDKit::ROMol &pattern) {
  bool found = false;
  for (const auto *atom : pattern.atoms()) {
    found = found || is_plain_hydrogen(*atom);
  }
  return found;
}

bool is_written_inside(const TemplateAtom &atom) {
  const auto patterns = recursive_patterns(*atom.atom);
  return std::any_of(patterns.begin(), patterns.end(),
                     [](const RDKit::ROMol *pattern) { return has_plain_hydrogen(*pattern); });
}

}  // namespace

void check_hydrogen_atoms(const Subject &subject, Findings &findings) {
  if (subject.transform().explicit_hydrogens) {
    return;
  }
  const std::string effect =
      "matches only hydrogens that are atoms of the parent, such as [2H]; all others are counts of their "
      "neighbours";
  const std::string advice = "write the count at the neighbour, as in [OX2H] or [CX4;!H0]";
  for (const auto &matched : subject.matched()) {
    for (const auto &atom : matched.atoms) {
      if (is_plain_hydrogen(*atom.atom)) {
        findings.add(FindingCode::kHydrogenAtom, atom.span, "the hydrogen atom " + effect, advice,
                     matched.pattern);
      } else if (is_written_inside(atom)) {
        findings.add(FindingCode::kHydrogenAtom, atom.span, "a hydrogen atom inside $(...) " + effect, advice,
                     matched.pattern);
      }
    }
  }
}

}  // namespace xform
