#include "canonical_smiles.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <RDGeneral/types.h>

#include <stdexcept>
#include <string_view>
#include <vector>

#include "../kernel/fast/canonical_smiles.h"
#include "../kernel/plain/parent.h"
#include "../kernel/plain/product.h"
#include "xform-rdkit-sys/src/canonical_smiles.rs.h"

namespace xform {
namespace {

Spelling spelling(const std::string &smiles, const std::vector<unsigned int> &atom_order) {
  Spelling result{smiles, {}};
  for (const auto atom : atom_order) {
    result.atom_order.push_back(atom);
  }
  return result;
}

Spelling by_rdkit(const RDKit::ROMol &molecule) {
  const auto smiles = RDKit::MolToSmiles(molecule);
  std::vector<unsigned int> atom_order;
  molecule.getPropIfPresent(RDKit::common_properties::_smilesAtomOutputOrder, atom_order);
  return spelling(smiles, atom_order);
}

Spelling by_kernel(RDKit::RWMol &molecule) {
  const auto written = write_canonical_smiles(molecule);
  return spelling(written.text, written.atom_order);
}

// A product of the plain path before it is written; null if RDKit refuses it.
RDKit::RWMol *settled(RDKit::ROMol &raw, const Transform &transform, std::size_t which) {
  auto &product = static_cast<RDKit::RWMol &>(raw);
  auto stage = Stage::kSanitize;
  try {
    settle_product(product, transform.reaction->getProducts()[which]->getNumAtoms(), stage);
    return &product;
  } catch (const std::exception &) {
    return nullptr;
  }
}

}  // namespace

Spellings canonical_spellings(rust::Str smiles) {
  const auto molecule = RDKit::v2::SmilesParse::MolFromSmiles(std::string(smiles));
  if (!molecule) {
    throw std::invalid_argument("RDKit returned no molecule");
  }
  RDKit::MolOps::sanitizeMol(*molecule);
  auto rdkit = by_rdkit(*molecule);
  return {by_kernel(*molecule), std::move(rdkit)};
}

rust::Vec<Spellings> product_spellings(const Transform &transform, rust::Str smiles) {
  Parent parent;
  Reason refusal;
  const std::string_view text(smiles.data(), smiles.size());
  if (!parse_parent(text, transform.reads_hybridization, parent, refusal)) {
    throw std::invalid_argument(refusal.words);
  }
  rust::Vec<Spellings> spellings;
  for (const auto &site : find_sites(*parent.molecule, transform)) {
    const char *obstacle = nullptr;
    const auto edited = edit_products(parent, transform, site, obstacle);
    const auto raw = run_reaction(parent.molecule, transform, site);
    for (std::size_t which = 0; which < raw.size(); ++which) {
      if (auto *product = settled(*raw[which], transform, which)) {
        auto rdkit = by_rdkit(*product);
        spellings.push_back({by_kernel(edited.empty() ? *product : *edited[which]), std::move(rdkit)});
      }
    }
  }
  return spellings;
}

}  // namespace xform
