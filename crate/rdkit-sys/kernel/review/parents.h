// The atoms that the reactant template and `query_smarts` can find in parents.
#pragma once

#include <GraphMol/ROMol.h>

#include <memory>
#include <vector>

#include "review/atom_states.h"
#include "review/subject.h"

namespace xform {

class Parents {
 public:
  explicit Parents(const Subject &subject);

  // The states in which a parent's atom can match that atom of the reactant template.
  const std::vector<AtomState> &states(const RDKit::Atom &atom) const { return states_[atom.getIdx()]; }

  // Whether a parent's atom in that state matches it, whatever is around it.
  bool surely_match(const RDKit::Atom &atom, const AtomState &state) const;

  // The pattern of `query_smarts`; null if there is none.
  const RDKit::ROMol *query() const { return query_.get(); }

 private:
  std::unique_ptr<RDKit::ROMol> query_;
  // By atom of the reactant template.
  std::vector<std::vector<AtomPattern>> patterns_;
  std::vector<std::vector<AtomState>> states_;
};

}  // namespace xform
