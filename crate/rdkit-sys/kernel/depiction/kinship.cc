#include "depiction/kinship.h"

#include <GraphMol/RWMol.h>
#include <RDGeneral/types.h>

#include <optional>
#include <stdexcept>

#include "base/stack.h"
#include "fast/fast.h"
#include "plain/product.h"

namespace xform {
namespace {

Kinship kinship_of(const MadeProduct &made, const std::vector<unsigned int> &order,
                   unsigned int parent_atoms) {
  Kinship kinship;
  for (std::size_t position = 0; position < order.size(); ++position) {
    const auto atom = static_cast<int>(position);
    if (order[position] < made.site_atoms) {
      kinship.site.push_back(atom);
    }
    // RDKit notes on each atom that a reaction carries over its index in the parent. The hydrogens that AddHs
    // appends are not in the parent's picture.
    unsigned int index = 0;
    const auto *written = made.molecule->getAtomWithIdx(order[position]);
    if (written->getPropIfPresent(RDKit::common_properties::reactantAtomIdx, index) && index < parent_atoms) {
      kinship.kept.emplace(atom, static_cast<int>(index));
    }
  }
  return kinship;
}

}  // namespace

Kinship find_kinship(Parent &parent, const Transform &transform, const Origin &origin,
                     std::string_view smiles) {
  auto &reacted = reacting(parent, transform);
  // Whether the run kept salts shows in its product.
  for (const bool keeps_salts : {false, true}) {
    reacted.keeps_salts = keeps_salts;
    const auto made = make_again(reacted, transform, origin);
    require_stack(kWriteSmiles, made.molecule->getNumAtoms());
    const auto written = mol_to_smiles(*made.molecule);
    if (written.text == smiles) {
      return kinship_of(made, written.atom_order, parent.molecule->getNumAtoms());
    }
  }
  throw std::runtime_error("the transform makes another product at this site");
}

}  // namespace xform
