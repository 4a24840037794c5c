#include <algorithm>
#include <string>

#include "review/checks.h"
#include "review/demands.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;

bool has_mark(const Atom &atom) { return atom.getChiralTag() != Atom::CHI_UNSPECIFIED; }

bool has_mark(const Bond &bond) {
  return bond.getBondDir() == Bond::ENDUPRIGHT || bond.getBondDir() == Bond::ENDDOWNRIGHT;
}

bool has_marks(const RDKit::ROMol &pattern) {
  bool found = false;
  for (const auto *atom : pattern.atoms()) {
    found = found || has_mark(*atom);
  }
  for (const auto *bond : pattern.bonds()) {
    found = found || has_mark(*bond);
  }
  return found;
}

bool has_marks_inside(const TemplateAtom &atom) {
  const auto patterns = recursive_patterns(*atom.atom);
  return std::any_of(patterns.begin(), patterns.end(),
                     [](const RDKit::ROMol *pattern) { return has_marks(*pattern); });
}

// Two marks say how the configuration changes, which does not depend on a match of the first.
bool is_told_by_product(const Subject &subject, const TemplateAtom &atom) {
  const auto *product = subject.product_of(atom);
  return product && has_mark(*product->atom);
}

void check_centre(const Subject &subject, ReviewedPattern pattern, const TemplateAtom &atom,
                  Findings &findings) {
  const bool is_of_template = pattern.part == TransformPart::kSmirks;
  if (!has_mark(*atom.atom) || (is_of_template && is_told_by_product(subject, atom))) {
    return;
  }
  const bool is_lost = is_of_template && subject.product_of(atom);
  findings.add(FindingCode::kStereoNotMatched, atom.span,
               std::string("the mark does not select: both configurations match") +
                   (is_lost ? ", and the product has none" : ""),
               is_lost ? "leave the mark out to keep the configuration, or write marks in both templates to "
                         "keep (the same) or invert it (opposite ones)"
                       : "leave the mark out",
               pattern);
}

// The marked bonds beside a double bond, with their atoms.
void check_double_bond(ReviewedPattern pattern, const TemplateBond &bond,
                       const std::vector<TemplateBond> &bonds, Findings &findings) {
  if (bond.bond->getBondType() != Bond::DOUBLE) {
    return;
  }
  std::vector<const TemplateAtom *> atoms{bond.begin, bond.end};
  for (const auto &other : bonds) {
    const auto touches = [&](const TemplateAtom *atom) { return other.begin == atom || other.end == atom; };
    if (has_mark(*other.bond) && (touches(bond.begin) || touches(bond.end))) {
      atoms.insert(atoms.end(), {other.begin, other.end});
    }
  }
  if (atoms.size() > 2) {
    findings.add(FindingCode::kStereoNotMatched, span_of(atoms),
                 "the / and \\ marks do not select: both configurations match, and unmarked bonds too",
                 "leave the marks out; marks in the product template set the configuration of the product",
                 pattern);
  }
}

}  // namespace

void check_stereo(const Subject &subject, Findings &findings) {
  for (const auto &matched : subject.matched()) {
    for (const auto &atom : matched.atoms) {
      check_centre(subject, matched.pattern, atom, findings);
      if (has_marks_inside(atom)) {
        findings.add(FindingCode::kStereoNotMatched, atom.span,
                     "stereo marks inside $(...) do not select: both configurations match",
                     "leave the marks out", matched.pattern);
      }
    }
    const auto bonds = bonds_between(matched.atoms);
    for (const auto &bond : bonds) {
      check_double_bond(matched.pattern, bond, bonds, findings);
    }
  }
}

}  // namespace xform
