// The map number of a template atom.
#pragma once

#include <GraphMol/Atom.h>
#include <RDGeneral/types.h>

#include <optional>

namespace xform {

// Nothing where the atom has none. RDKit pairs atoms by number 0 as by any other, which Atom::getAtomMapNum
// does not tell from none.
inline std::optional<int> map_number(const RDKit::Atom &atom) {
  int number = 0;
  const bool is_there = atom.getPropIfPresent(RDKit::common_properties::molAtomMapNumber, number);
  return is_there ? std::optional<int>(number) : std::nullopt;
}

}  // namespace xform
