// A transform as a review sees it: the atoms of its templates, with their places in the SMIRKS.
#pragma once

#include <GraphMol/ROMol.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plain/transform.h"
#include "review/finding.h"

namespace xform {

struct TemplateAtom {
  const RDKit::Atom *atom;
  std::size_t which;          // the template, from 0
  std::optional<int> number;  // map number
  std::optional<Span> span;   // none if the text could not be divided into atoms
};

// A pattern that is looked for in the parent.
struct MatchedPattern {
  ReviewedPattern pattern;
  std::string_view text;
  std::vector<TemplateAtom> atoms;  // never empty

  const RDKit::ROMol &molecule() const { return atoms.front().atom->getOwningMol(); }

  // The text of an atom as it was written; without a place, RDKit's SMARTS of it.
  std::string text_of(const TemplateAtom &atom) const;
};

// Views of a transform, which must outlive it.
class Subject {
 public:
  explicit Subject(const Transform &transform);

  const Transform &transform() const { return transform_; }
  const std::string &smirks() const { return transform_.text.smirks; }

  // The atoms of the only reactant template and of all product templates, in the order of the text.
  const std::vector<TemplateAtom> &reactant() const { return reactant_; }
  const std::vector<TemplateAtom> &products() const { return products_; }

  // The reactant template, then `query_smarts` if it says more, then the patterns of `not_smarts`.
  const std::vector<MatchedPattern> &matched() const { return matched_; }

  // The agents' place; none if there are no agents.
  std::optional<Span> agents() const;

  // The first atom with that map number, or null.
  const TemplateAtom *in_reactant(int number) const;
  const TemplateAtom *in_products(int number) const;

  // The product atom that an atom of the reactant template becomes, or null.
  const TemplateAtom *product_of(const TemplateAtom &atom) const;

  // The place of the symbol of a bond between two atoms of one template, or of both atoms if it has none.
  std::optional<Span> span_between(const TemplateAtom &one, const TemplateAtom &other) const;

  // The text of an atom as it stands in the SMIRKS; without a place, RDKit's SMARTS of it.
  std::string text_of(const TemplateAtom &atom) const;

 private:
  const Transform &transform_;
  std::vector<TemplateAtom> reactant_;
  std::vector<TemplateAtom> products_;
  std::vector<MatchedPattern> matched_;
};

// A bond with both of its atoms, in the order of the bonds of one template.
struct TemplateBond {
  const RDKit::Bond *bond;
  const TemplateAtom *begin;
  const TemplateAtom *end;
};

// The bonds between `atoms`, which are all atoms of their templates.
std::vector<TemplateBond> bonds_between(const std::vector<TemplateAtom> &atoms);

// The place of all of `atoms` together.
std::optional<Span> span_of(const std::vector<const TemplateAtom *> &atoms);

// The places of the atoms in a SMARTS, in the order of the text, which is also the order of RDKit's atoms.
std::vector<Span> atom_spans(std::string_view smarts);

}  // namespace xform
