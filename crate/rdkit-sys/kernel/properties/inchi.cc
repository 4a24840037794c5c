#include "properties/inchi.h"

#include <GraphMol/RWMol.h>
#include <GraphMol/SanitException.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/inchi.h>

#include <utility>

namespace xform {
namespace {

// More atoms than InChI can count, which it does in 16 bits. It refuses molecules far smaller than that.
constexpr unsigned kUncountable = 32766;

// RDKit leaves the status as it was if it gives up before it calls InChI.
constexpr int kNotCalled = -100;

constexpr int kWarning = 1;  // inchi_Ret_WARNING of InChI's inchi_api.h

// InChI fills some tables at its first call without locks, of which one thread could see half: that of the
// ligands of metals. One molecule that needs them comes before all others. What other threads can still see
// of each other's calls are single words that always get the same values.
void fill_tables() {
  static const bool filled = [] {
    const auto complex = RDKit::v2::SmilesParse::MolFromSmiles("CN[Cu]Cl");
    RDKit::ExtraInchiReturnValues returned;
    return !RDKit::MolToInchi(*complex, returned).empty();
  }();
  static_cast<void>(filled);
}

Inchi none(std::string message) { return {InchiOutcome::kNone, {}, {}, std::move(message)}; }

std::string why_none(const RDKit::ExtraInchiReturnValues &returned) {
  // RDKit has a single reason, and tells it only to its log.
  if (returned.returnCode == kNotCalled) {
    return "an atom has more bonds than InChI supports";
  }
  return returned.messagePtr.empty() ? "InChI gives no reason" : returned.messagePtr;
}

}  // namespace

Inchi make_inchi(const RDKit::ROMol &molecule) {
  if (molecule.getNumAtoms() == 0) {
    return none("the molecule has no atoms");
  }
  if (molecule.getNumAtoms() > kUncountable) {
    return none("Too many atoms");
  }
  fill_tables();
  RDKit::ExtraInchiReturnValues returned;
  returned.returnCode = kNotCalled;
  std::string text;
  try {
    text = RDKit::MolToInchi(molecule, returned);
  } catch (const RDKit::MolSanitizeException &error) {
    return none(error.what());
  }
  if (text.empty()) {
    return none(why_none(returned));
  }
  auto key = RDKit::InchiToInchiKey(text);
  if (key.empty()) {
    return none("InChI makes no key of " + text);
  }
  const auto outcome = returned.returnCode == kWarning ? InchiOutcome::kWarned : InchiOutcome::kMade;
  return {outcome, std::move(text), std::move(key), std::move(returned.messagePtr)};
}

}  // namespace xform
