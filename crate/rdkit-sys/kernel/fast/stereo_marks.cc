#include "fast/stereo_marks.h"

#include <algorithm>

namespace xform {

using RDKit::Atom;
using RDKit::Bond;

bool has_stereo_marks(const RDKit::ROMol &molecule) {
  auto atoms = molecule.atoms();
  auto bonds = molecule.bonds();
  return !molecule.getStereoGroups().empty() || std::any_of(atoms.begin(), atoms.end(), [](const Atom *atom) {
    return atom->getChiralTag() != Atom::CHI_UNSPECIFIED;
  }) || std::any_of(bonds.begin(), bonds.end(), [](const Bond *bond) {
    return bond->getBondDir() != Bond::NONE || bond->getStereo() != Bond::STEREONONE;
  });
}

}  // namespace xform
