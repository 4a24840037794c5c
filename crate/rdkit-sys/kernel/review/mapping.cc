#include <set>
#include <string>

#include "review/checks.h"

namespace xform {
namespace {

std::string numbered(const TemplateAtom &atom) { return "atom " + std::to_string(*atom.number); }

void check_reactant(const Subject &subject, Findings &findings) {
  for (const auto &atom : subject.reactant()) {
    if (atom.number && !subject.in_products(*atom.number)) {
      findings.add(FindingCode::kMapOnlyInReactant, atom.span,
                   numbered(atom) + " is removed, with everything that is attached only to it",
                   "leave out the number, or use it in the product template to keep the atom");
    }
  }
}

void check_products(const Subject &subject, Findings &findings) {
  std::set<int> seen;
  for (const auto &atom : subject.products()) {
    if (!atom.number) {
      continue;
    }
    if (!subject.in_reactant(*atom.number)) {
      findings.add(
          FindingCode::kMapOnlyInProduct, atom.span,
          numbered(atom) + " is a new atom, because the reactant template has no such number",
          "give the atom of the reactant template that is meant this number, or leave the number out");
    } else if (!seen.insert(*atom.number).second) {
      findings.add(FindingCode::kMapTwice, atom.span,
                   numbered(atom) + " is made twice, each time with the parent's substituents",
                   "use each number once");
    }
  }
}

void check_zeros(const std::vector<TemplateAtom> &atoms, Findings &findings) {
  for (const auto &atom : atoms) {
    if (atom.number == 0) {
      findings.add(
          FindingCode::kMapZero, atom.span,
          "RDKit pairs atoms with the number 0 like any others, while most programs read 0 as no number",
          "use a number from 1");
    }
  }
}

// `count` templates, whose atoms are `atoms`.
void check_for_numbers(const std::vector<TemplateAtom> &atoms, std::size_t count, const std::string &name,
                       const std::string &effect, Findings &findings) {
  for (std::size_t which = 0; which < count; ++which) {
    std::optional<Span> span;
    bool has_number = false;
    for (const auto &atom : atoms) {
      if (atom.which == which) {
        has_number = has_number || atom.number.has_value();
        if (atom.span) {
          span = Span{span ? span->begin : atom.span->begin, atom.span->end};
        }
      }
    }
    if (!has_number) {
      findings.add(FindingCode::kNoMappedAtom, span,
                   "no atom of the " + name + " has a map number, so " + effect,
                   "number the atoms that stay, with the same numbers in both templates");
    }
  }
}

}  // namespace

void check_mapping(const Subject &subject, Findings &findings) {
  check_reactant(subject, findings);
  check_products(subject, findings);
  check_zeros(subject.reactant(), findings);
  check_zeros(subject.products(), findings);
  const auto &reaction = *subject.transform().reaction;
  check_for_numbers(subject.reactant(), reaction.getNumReactantTemplates(), "reactant template",
                    "nothing of the parent is kept", findings);
  check_for_numbers(subject.products(), reaction.getNumProductTemplates(), "product template",
                    "the product is always the same molecule", findings);
}

}  // namespace xform
