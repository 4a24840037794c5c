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

// Views of a transform, which must outlive it.
class Subject {
 public:
  explicit Subject(const Transform &transform);

  const Transform &transform() const { return transform_; }
  const std::string &smirks() const { return transform_.text.smirks; }

  // The atoms of the only reactant template and of all product templates, in the order of the text.
  const std::vector<TemplateAtom> &reactant() const { return reactant_; }
  const std::vector<TemplateAtom> &products() const { return products_; }

  // The first atom with that map number, or null.
  const TemplateAtom *in_reactant(int number) const;
  const TemplateAtom *in_products(int number) const;

  // The text of an atom as it stands in the SMIRKS; without a place, RDKit's SMARTS of it.
  std::string text_of(const TemplateAtom &atom) const;

 private:
  const Transform &transform_;
  std::vector<TemplateAtom> reactant_;
  std::vector<TemplateAtom> products_;
};

// The places of the atoms in a SMARTS, in the order of the text, which is also the order of RDKit's atoms.
std::vector<Span> atom_spans(std::string_view smarts);

}  // namespace xform
