#include "product.h"

#include <GraphMol/ChemReactions/Reaction.h>
#include <GraphMol/ChemReactions/ReactionRunner.h>
#include <GraphMol/MolOps.h>

#include <algorithm>
#include <utility>

#include "canonical_smiles.h"
#include "sanitize.h"
#include "stack.h"
#include "transform.h"

namespace xform {
namespace {

// Bookmark of the atoms that came with the product template. Bookmarks survive removeHs, which renumbers
// atoms, and leave isotopes and map numbers alone; map numbers, which RDKit bookmarks on products, are
// positive.
constexpr int kTemplateAtom = -1;

void bookmark_template_atoms(RDKit::RWMol &product, unsigned int template_atoms) {
  product.clearAllAtomBookmarks();
  for (unsigned int index = 0; index < template_atoms; ++index) {
    product.setAtomBookmark(product.getAtomWithIdx(index), kTemplateAtom);
  }
}

// The indices of the bookmarked atoms that are left. Clears the bookmarks: MolToSmiles would copy them.
std::vector<unsigned int> take_template_atoms(RDKit::RWMol &product) {
  std::vector<unsigned int> left;
  if (product.hasAtomBookmark(kTemplateAtom)) {
    for (const auto *atom : product.getAllAtomsWithBookmark(kTemplateAtom)) {
      left.push_back(atom->getIdx());
    }
  }
  product.clearAllAtomBookmarks();
  return left;
}

// `order` has the atom of each position in the SMILES.
std::vector<std::int32_t> written_positions(const std::vector<unsigned int> &order,
                                            const std::vector<unsigned int> &atoms) {
  std::vector<std::int32_t> positions;
  positions.reserve(atoms.size());
  for (std::size_t position = 0; position < order.size(); ++position) {
    if (std::find(atoms.begin(), atoms.end(), order[position]) != atoms.end()) {
      positions.push_back(static_cast<std::int32_t>(position));
    }
  }
  return positions;
}

void remove_hydrogens(RDKit::RWMol &product) {
  const bool sanitize = true;
  RDKit::MolOps::removeHs(product, RDKit::MolOps::RemoveHsParameters(), sanitize);
}

}  // namespace

RDKit::MOL_SPTR_VECT make_products(const RDKit::ROMOL_SPTR &parent, const Transform &transform,
                                   const Site &site) {
  return RDKit::ReactionRunnerUtils::generateOneProductSet(*transform.reaction, {parent}, {site.match});
}

WrittenProduct finish_product(RDKit::RWMol &product, unsigned int template_atoms, Stage &stage) {
  bookmark_template_atoms(product, template_atoms);
  stage = Stage::kSanitize;
  const bool settled = sanitize(product);
  stage = Stage::kRemoveHs;
  if (!settled) {
    remove_hydrogens(product);
  }
  stage = Stage::kWrite;
  const auto atoms = take_template_atoms(product);
  require_stack(kWriteSmiles, product.getNumAtoms());
  auto smiles = write_canonical_smiles(product);
  return {std::move(smiles.text), written_positions(smiles.atom_order, atoms)};
}

}  // namespace xform
