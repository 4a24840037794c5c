// The map number of a template atom.
#pragma once

#include <GraphMol/Atom.h>
#include <RDGeneral/types.h>

#include <optional>

namespace xform {

// Nothing if the atom has no map number. RDKit treats 0 as a valid map number when it pairs atoms, but
// Atom::getAtomMapNum does not distinguish it from none.
inline std::optional<int> map_number(const RDKit::Atom &atom) {
  int number = 0;
  const bool is_there = atom.getPropIfPresent(RDKit::common_properties::molAtomMapNumber, number);
  return is_there ? std::optional<int>(number) : std::nullopt;
}

}  // namespace xform
