#include "inchi.h"

#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <stdexcept>
#include <string>

#include "../kernel/properties/inchi.h"
#include "xform-rdkit-sys/src/inchi.rs.h"

namespace xform {

MoleculeInchi inchi_of(rust::Str smiles) {
  const auto molecule = RDKit::v2::SmilesParse::MolFromSmiles(std::string(smiles));
  if (!molecule) {
    throw std::invalid_argument("RDKit returned no molecule");
  }
  const auto inchi = make_inchi(*molecule);
  return {inchi.text, inchi.key, inchi.outcome == InchiOutcome::kWarned, rust::String::lossy(inchi.message)};
}

}  // namespace xform
