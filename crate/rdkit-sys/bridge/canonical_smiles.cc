#include "canonical_smiles.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <stdexcept>
#include <string_view>
#include <vector>

#include "../kernel/fast/fast.h"
#include "../kernel/plain/parent.h"
#include "../kernel/plain/product.h"
#include "xform-rdkit-sys/src/canonical_smiles.rs.h"

namespace xform {
namespace {

Spelling spelling(const CanonicalSmiles &smiles) {
  Spelling result{smiles.text, {}};
  for (const auto atom : smiles.atom_order) {
    result.atom_order.push_back(atom);
  }
  return result;
}

Spelling by_kernel(RDKit::RWMol &molecule, FastWing &fast) {
  CanonicalSmiles smiles;
  return spelling(fast.write(molecule, smiles) ? smiles : mol_to_smiles(molecule));
}

// Settles a product of the plain path. False if RDKit refuses it.
bool settle(RDKit::RWMol &product, const Transform &transform, std::size_t which) {
  auto stage = Stage::kSanitize;
  try {
    settle_product(product, transform.reaction->getProducts()[which]->getNumAtoms(), nullptr, stage);
    return true;
  } catch (const std::exception &) {
    return false;
  }
}

}  // namespace

Spellings canonical_spellings(rust::Str smiles) {
  const auto molecule = RDKit::v2::SmilesParse::MolFromSmiles(std::string(smiles));
  if (!molecule) {
    throw std::invalid_argument("RDKit returned no molecule");
  }
  RDKit::MolOps::sanitizeMol(*molecule);
  auto rdkit = spelling(mol_to_smiles(*molecule));
  FastWing fast;
  return {by_kernel(*molecule, fast), std::move(rdkit)};
}

rust::Vec<Spellings> product_spellings(const Transform &transform, rust::Str smiles) {
  FastWing fast;
  fast.add(*transform.reaction, transform.explicit_hydrogens);
  Parent parent;
  Reason refusal;
  const std::string_view text(smiles.data(), smiles.size());
  if (!parse_parent(text, transform.reads_hybridization, &fast, parent, refusal)) {
    throw std::invalid_argument(refusal.words);
  }
  rust::Vec<Spellings> spellings;
  for (const auto &site : find_sites(*parent.molecule, transform)) {
    const char *obstacle = nullptr;
    const auto edited = fast.edit(*parent.molecule, 0, site.match, obstacle);
    const auto raw = run_reaction(parent, transform, site);
    for (std::size_t which = 0; which < raw.size(); ++which) {
      auto &product = static_cast<RDKit::RWMol &>(*raw[which]);
      if (settle(product, transform, which)) {
        auto rdkit = spelling(mol_to_smiles(product));
        spellings.push_back(
            {by_kernel(edited.empty() ? product : *edited[which].molecule, fast), std::move(rdkit)});
      }
    }
  }
  return spellings;
}

}  // namespace xform
