#include "plain/product.h"

#include <GraphMol/ChemReactions/Reaction.h>
#include <GraphMol/ChemReactions/ReactionRunner.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <RDGeneral/types.h>

#include <utility>

#include "base/stack.h"
#include "fast/fast.h"
#include "plain/parent.h"
#include "plain/salts.h"
#include "plain/transform.h"

namespace xform {
namespace {

// Bookmark of the atoms of the product template. Bookmarks survive removeHs, which renumbers atoms, and do
// not touch isotopes and map numbers; map numbers, which RDKit bookmarks on products, are positive.
constexpr int kTemplateAtom = -1;

void bookmark_template_atoms(RDKit::RWMol &product, unsigned int template_atoms) {
  product.clearAllAtomBookmarks();
  for (unsigned int index = 0; index < template_atoms; ++index) {
    product.setAtomBookmark(product.getAtomWithIdx(index), kTemplateAtom);
  }
}

// The number of bookmarked atoms left. Clears the bookmarks, because MolToSmiles would copy them.
unsigned int count_template_atoms(RDKit::RWMol &product) {
  unsigned int left = 0;
  if (product.hasAtomBookmark(kTemplateAtom)) {
    left = static_cast<unsigned int>(product.getAllAtomsWithBookmark(kTemplateAtom).size());
  }
  product.clearAllAtomBookmarks();
  return left;
}

// The positions of the first `site_atoms` atoms in a SMILES; `order` has the atom at each position.
std::vector<std::int32_t> written_positions(const std::vector<unsigned int> &order, unsigned int site_atoms) {
  std::vector<std::int32_t> positions;
  positions.reserve(site_atoms);
  for (std::size_t position = 0; position < order.size(); ++position) {
    if (order[position] < site_atoms) {
      positions.push_back(static_cast<std::int32_t>(position));
    }
  }
  return positions;
}

// True if nothing is left for `remove_hydrogens` to do.
bool sanitize(RDKit::RWMol &product, FastWing *fast) {
  if (fast) {
    return fast->sanitize(product);
  }
  RDKit::MolOps::sanitizeMol(product);
  return false;
}

void remove_hydrogens(RDKit::RWMol &product) {
  const bool sanitize = true;
  RDKit::MolOps::removeHs(product, RDKit::MolOps::RemoveHsParameters(), sanitize);
}

}  // namespace

RDKit::MOL_SPTR_VECT run_reaction(const Parent &parent, const Transform &transform, const Site &site) {
  auto products =
      RDKit::ReactionRunnerUtils::generateOneProductSet(*transform.reaction, {parent.molecule}, {site.match});
  if (parent.keeps_salts) {
    for (auto &product : products) {
      add_untouched_fragments(*parent.molecule, site.match, as_editable(*product));
    }
  }
  return products;
}

// The reaction runner makes objects of type RWMol and returns them as ROMol.
RDKit::RWMol &as_editable(RDKit::ROMol &raw) { return static_cast<RDKit::RWMol &>(raw); }

unsigned int settle_product(RDKit::RWMol &product, unsigned int template_atoms, FastWing *fast,
                            Stage &stage) {
  bookmark_template_atoms(product, template_atoms);
  stage = Stage::kSanitize;
  const bool is_settled = sanitize(product, fast);
  stage = Stage::kRemoveHs;
  if (!is_settled) {
    remove_hydrogens(product);
  }
  return count_template_atoms(product);
}

CanonicalSmiles mol_to_smiles(const RDKit::ROMol &molecule) {
  CanonicalSmiles smiles;
  smiles.text = RDKit::MolToSmiles(molecule);
  molecule.getPropIfPresent(RDKit::common_properties::_smilesAtomOutputOrder, smiles.atom_order);
  return smiles;
}

WrittenProduct write_product(RDKit::RWMol &product, unsigned int site_atoms, FastWing *fast) {
  require_stack(kWriteSmiles, product.getNumAtoms());
  CanonicalSmiles smiles;
  if (!fast || !fast->write(product, smiles)) {
    smiles = mol_to_smiles(product);
  }
  return {std::move(smiles.text), written_positions(smiles.atom_order, site_atoms)};
}

}  // namespace xform
