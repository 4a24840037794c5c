#include "random_smiles.h"

#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <mutex>
#include <stdexcept>
#include <string>

#include "xform-rdkit-sys/src/random_smiles.rs.h"

namespace xform {

rust::Vec<rust::String> random_spellings(rust::Str smiles, RandomSpelling how, std::uint32_t count) {
  const auto molecule = RDKit::v2::SmilesParse::MolFromSmiles(std::string(smiles));
  if (!molecule) {
    throw std::invalid_argument("RDKit returned no molecule");
  }
  // RDKit's random numbers are a single sequence for the whole process.
  static std::mutex random_numbers;
  const std::lock_guard<std::mutex> lock(random_numbers);
  const bool isomeric = true, all_bonds = false;
  // With a seed of 0, RDKit would choose its own.
  const auto spellings = RDKit::MolToRandomSmilesVect(*molecule, count, how.seed | 1u, isomeric, how.kekule,
                                                      all_bonds, how.hydrogens);
  rust::Vec<rust::String> all;
  for (const auto &spelling : spellings) {
    all.push_back(spelling);
  }
  return all;
}

}  // namespace xform
