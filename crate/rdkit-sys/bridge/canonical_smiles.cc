#include "canonical_smiles.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <RDGeneral/types.h>

#include <stdexcept>
#include <vector>

#include "../kernel/canonical_smiles.h"
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

}  // namespace

Spellings canonical_spellings(rust::Str smiles) {
  const auto molecule = RDKit::v2::SmilesParse::MolFromSmiles(std::string(smiles));
  if (!molecule) {
    throw std::invalid_argument("RDKit returned no molecule");
  }
  RDKit::MolOps::sanitizeMol(*molecule);
  auto rdkit = by_rdkit(*molecule);
  const auto kernel = write_canonical_smiles(*molecule);
  return {spelling(kernel.text, kernel.atom_order), std::move(rdkit)};
}

}  // namespace xform
