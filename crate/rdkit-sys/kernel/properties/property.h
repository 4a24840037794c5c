// What can be computed of a molecule. Each property is declared once, in property.cc: all other code, the
// bridge and the documentation pass it on by its name and type.
#pragma once

#include <GraphMol/ROMol.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/columns.h"
#include "base/failure.h"
#include "base/row.h"
#include "properties/crippen.h"
#include "properties/inchi.h"
#include "properties/lipinski.h"

namespace xform {

class Qed;

// What is kept from molecule to molecule, compiled on first use. One per thread: RDKit's queries lock a
// mutex for each match if they are shared.
struct PropertyTools {
  std::unique_ptr<Crippen> crippen;
  std::unique_ptr<Lipinski> lipinski;
  std::unique_ptr<Qed> qed;
  // Those of the molecule in hand, once they have been asked for.
  std::optional<CrippenSums> crippen_sums;
  std::optional<Inchi> inchi;

  void begin_molecule() {
    crippen_sums.reset();
    inchi.reset();
  }
  // Whether InChI has warned of the molecule in hand.
  bool have_inchi_warning() const { return inchi && inchi->outcome == InchiOutcome::kWarned; }

  PropertyTools();
  ~PropertyTools();
};

// What a property reads of a molecule.
enum class Need : std::uint8_t {
  kSanitized,   // atoms with their hydrogens, bonds, rings and aromaticity
  kEverything,  // also hybridization, and the notes where stereocentres are possible
};

struct Property {
  const char *name;      // of the column
  const char *unit;      // empty: it has none
  const char *meaning;   // in the documentation
  const char *function;  // of RDKit in Python that gives the same value
  Need need;
  bool is_quick;  // whether `quick` chooses it
  Code missing;   // of the record of a value that cannot be computed
  Values none;    // of its type
  // Throws what RDKit throws. The molecule is as MolFromSmiles gives it, with what the property needs.
  PropertyValue (*compute)(const RDKit::ROMol &molecule, PropertyTools &tools);
};

// All, in the order of their columns.
const std::vector<Property> &declared_properties();

}  // namespace xform
