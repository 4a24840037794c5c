// Short names of template atoms, as a chemist reads them.
#pragma once

#include <map>
#include <set>
#include <string>

#include "review/comparison.h"

namespace xform {

// What is known about the hydrogens and the charge of an atom; nothing if it depends on the parent.
struct AtomLook {
  std::string symbol;  // "C", "c", "#6" (aromatic or not), "F/Cl", "*" (any)
  std::optional<int> hydrogens;
  std::optional<int> charge;
  int isotope = 0;  // 0: not stated
};

class Labels {
 public:
  Labels(const Subject &subject, const Comparison &comparison);

  const AtomLook &look(const TemplateAtom &atom) const { return looks_.at(atom.atom); }

  const std::string &symbol(const RDKit::Atom *atom) const { return looks_.at(atom).symbol; }

  // Whether it is a hydrogen of a product template, which its neighbour's label has.
  bool is_folded(const RDKit::Atom *atom) const { return folded_.count(atom) > 0; }

  // The atom with its hydrogens and its charge, "NH3+".
  std::string label(const TemplateAtom &atom) const;
  std::string label(const RDKit::Atom *atom) const;

  // The atom by its number, "N:2", or without a number by its label.
  std::string name(const TemplateAtom &atom) const;

 private:
  std::map<const RDKit::Atom *, AtomLook> looks_;
  std::set<const RDKit::Atom *> folded_;
};

}  // namespace xform
