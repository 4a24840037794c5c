// The templates of a transform compared: what stays, what goes, what is new.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "review/demands.h"
#include "review/subject.h"

namespace xform {

// An atom that is in both templates.
struct KeptAtom {
  const TemplateAtom *before;
  const TemplateAtom *after;
};

// Atoms of one template that hang together and have no counterpart in the other.
struct AtomGroup {
  std::vector<const TemplateAtom *> atoms;
  std::vector<const TemplateAtom *>
      on;  // the atoms with a counterpart that they are bonded to, in their template
};

// A bond whose order changes.
struct OrderChange {
  TemplateBond before;
  TemplateBond after;
};

// Points into the subject, which must outlive it.
struct Comparison {
  explicit Comparison(const Subject &subject);

  std::vector<KeptAtom> kept;
  std::vector<AtomGroup> removed;
  std::vector<AtomGroup> added;
  std::vector<TemplateBond> broken;  // those of removed atoms with kept ones included
  std::vector<TemplateBond> made;    // those of new atoms with kept ones included
  std::vector<OrderChange> reordered;

  // The kept atom that is `atom` in one of the templates, or null.
  const KeptAtom *kept_as(const TemplateAtom &atom) const;
};

// Whether it is an atom of a product template that RemoveHs makes a count of hydrogens.
bool is_hydrogen(const RDKit::Atom &atom);

}  // namespace xform
