// The atoms that the reactant template and `query_smarts` can find in parents.
#pragma once

#include <GraphMol/ROMol.h>

#include <optional>
#include <vector>

#include "review/atom_states.h"
#include "review/subject.h"

namespace xform {

// A view of its subject. It looks only at the atoms that are asked for, because each has thousands of states.
class Parents {
 public:
  explicit Parents(const Subject &subject);

  // The states in which a parent's atom can match that atom of the reactant template.
  const std::vector<AtomState> &states(const RDKit::Atom &atom) const { return found(atom).states; }

  // Whether a parent's atom in that state matches it, whatever is around it.
  bool surely_match(const RDKit::Atom &atom, const AtomState &state) const;

 private:
  struct Found {
    std::vector<AtomPattern> patterns;
    std::vector<AtomState> states;
  };

  const Found &found(const RDKit::Atom &atom) const;
  std::vector<AtomPattern> patterns_of(const RDKit::Atom &atom) const;

  const Subject &subject_;
  // By atom of the reactant template.
  mutable std::vector<std::optional<Found>> found_;
};

}  // namespace xform
