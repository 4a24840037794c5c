#include "plain/salts.h"

#include <GraphMol/MolOps.h>
#include <RDGeneral/types.h>

#include <vector>

namespace xform {

bool is_in_fragments(const RDKit::ROMol &molecule) {
  std::vector<int> fragment_of_atom;
  return RDKit::MolOps::getMolFrags(molecule, fragment_of_atom) > 1;
}

void add_untouched_fragments(const RDKit::ROMol &parent, const RDKit::MatchVectType &match,
                             RDKit::RWMol &product) {
  std::vector<int> fragment_of_atom;
  std::vector<bool> is_touched(RDKit::MolOps::getMolFrags(parent, fragment_of_atom));
  for (const auto &pair : match) {
    is_touched[fragment_of_atom[pair.second]] = true;
  }
  RDKit::RWMol untouched(parent);
  for (auto *atom : untouched.atoms()) {
    atom->setProp(RDKit::common_properties::reactantAtomIdx, atom->getIdx());
  }
  untouched.beginBatchEdit();
  for (auto *atom : untouched.atoms()) {
    if (is_touched[fragment_of_atom[atom->getIdx()]]) {
      untouched.removeAtom(atom);
    }
  }
  untouched.commitBatchEdit();
  product.insertMol(untouched);
}

}  // namespace xform
