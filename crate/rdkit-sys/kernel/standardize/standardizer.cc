#include "standardize/standardizer.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/MolStandardize/Charge.h>
#include <GraphMol/MolStandardize/Fragment.h>
#include <GraphMol/MolStandardize/Metal.h>
#include <GraphMol/MolStandardize/Normalize.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <new>
#include <stdexcept>
#include <utility>

#include "base/stack.h"

namespace xform {

// All with RDKit's default parameters.
struct StandardizationTools {
  RDKit::MolStandardize::MetalDisconnector metals;
  RDKit::MolStandardize::Normalizer groups;
  RDKit::MolStandardize::Reionizer acids;
  RDKit::MolStandardize::LargestFragmentChooser fragments;
  RDKit::MolStandardize::Uncharger charges;
};

namespace {

// The steps of MolStandardize::cleanupInPlace in RDKit's MolStandardize/MolStandardize.cpp.
void cleanup(StandardizationTools &tools, RDKit::RWMol &molecule) {
  RDKit::MolOps::removeHs(molecule);
  tools.metals.disconnectInPlace(molecule);
  tools.groups.normalizeInPlace(molecule);
  tools.acids.reionizeInPlace(molecule);
  const bool clean = true, force = true;
  RDKit::MolOps::assignStereochemistry(molecule, clean, force);
}

void neutralize(StandardizationTools &tools, RDKit::RWMol &molecule) {
  cleanup(tools, molecule);
  tools.charges.unchargeInPlace(molecule);
}

// The steps of MolStandardize::chargeParentInPlace there.
void make_charge_parent(StandardizationTools &tools, RDKit::RWMol &molecule) {
  cleanup(tools, molecule);
  tools.fragments.chooseInPlace(molecule);
  tools.charges.unchargeInPlace(molecule);
  cleanup(tools, molecule);
}

using Steps = void (*)(StandardizationTools &, RDKit::RWMol &);

constexpr std::pair<std::string_view, Steps> kSteps[] = {
    {"cleanup", cleanup},
    {"neutral", neutralize},
    {"parent", make_charge_parent},
};

Steps steps_of(std::string_view how) {
  for (const auto &[name, steps] : kSteps) {
    if (name == how) {
      return steps;
    }
  }
  throw std::invalid_argument("no standardization is called " + std::string(how));
}

std::string canonical_smiles(const RDKit::ROMol &molecule) {
  require_stack(kWriteSmiles, molecule.getNumAtoms());
  return RDKit::MolToSmiles(molecule);
}

// Whether the molecule's own canonical SMILES is a different one. A molecule that cannot be written is
// different from any that can.
bool is_other(const RDKit::ROMol &molecule, const std::string &smiles) {
  try {
    return canonical_smiles(molecule) != smiles;
  } catch (const std::bad_alloc &) {
    throw;
  } catch (...) {
    return true;
  }
}

}  // namespace

Standardizer::Standardizer(std::string_view how)
    : steps_(steps_of(how)), tools_(std::make_unique<StandardizationTools>()) {}

Standardizer::~Standardizer() = default;

bool Standardizer::standardize(const RDKit::ROMol &molecule, StandardParent &parent, Reason &refusal) {
  try {
    RDKit::RWMol standard(molecule);
    // Choosing the largest fragment writes them all.
    require_stack(kWriteSmiles, standard.getNumAtoms());
    steps_(*tools_, standard);
    parent.smiles = canonical_smiles(standard);
    parent.is_changed = is_other(molecule, parent.smiles);
    parent.lost_groups = !molecule.getStereoGroups().empty();
    return true;
  } catch (...) {
    refusal = reason_of_current_exception();
    return false;
  }
}

}  // namespace xform
