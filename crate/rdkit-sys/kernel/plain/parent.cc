#include "plain/parent.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesParseOps.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/elements.h"
#include "base/stack.h"
#include "plain/atom_count.h"
#include "plain/syntax.h"

namespace xform {
namespace {

namespace SmilesParse = RDKit::v2::SmilesParse;
using MoleculePtr = std::unique_ptr<RDKit::RWMol>;

// Only these characters can bring stereo marks into a molecule, or an extension or name after it.
bool may_have_stereo_marks(const std::string &smiles) {
  return smiles.find_first_of("@/\\ \t") != std::string::npos;
}

bool has_plain_atoms(const RDKit::RWMol &molecule) {
  auto atoms = molecule.atoms();
  return std::all_of(atoms.begin(), atoms.end(), [](const RDKit::Atom *atom) {
    return is_plain_element(atom->getAtomicNum()) && is_plain_charge(atom->getFormalCharge());
  });
}

// What MolFromSmiles does with an unmarked molecule from the parser: removeHs, which sanitizes. Without
// hydrogen atoms, metals and absurd charges that is sanitizeMol alone, and three of its steps have nothing to
// do; valences are computed twice then in place of four times. Few SMARTS see hybridization, for which
// conjugation is found, and sanitizing a product finds both anew. On 400 polyphenols (OMe) all of it takes 38
// million instructions off 725.
void sanitize_unmarked(RDKit::RWMol &molecule, bool hybridization) {
  namespace MolOps = RDKit::MolOps;
  if (molecule.getNumAtoms() == 0 || !has_plain_atoms(molecule)) {
    MolOps::RemoveHsParameters parameters;
    parameters.updateExplicitCount = true;
    const bool sanitize = true;
    MolOps::removeHs(molecule, parameters, sanitize);
    return;
  }
  unsigned int left_out = MolOps::SANITIZE_CLEANUP_ORGANOMETALLICS | MolOps::SANITIZE_CLEANUPCHIRALITY |
                          MolOps::SANITIZE_CLEANUPATROPISOMERS;
  if (!hybridization) {
    left_out |= MolOps::SANITIZE_SETCONJUGATION | MolOps::SANITIZE_SETHYBRIDIZATION;
  }
  unsigned int failed_step = 0;
  MolOps::sanitizeMol(molecule, failed_step, MolOps::SANITIZE_ALL & ~left_out);
}

// MolFromSmiles for a text without stereo marks, step by step, except for the flag that makes
// assignStereochemistry rank all atoms (CIP) to note where marks would be possible. The notes are properties
// of atoms that nothing here reads: a product loses them as sanitizing begins, and SMARTS do not see them.
// Not ranking saves a twelfth of the time of a row (plants, OMe); atoms without properties are also cheaper
// to copy.
MoleculePtr parse_unmarked(const std::string &smiles, bool hybridization) {
  SmilesParse::SmilesParserParams parameters;
  parameters.sanitize = false;
  parameters.removeHs = false;
  parameters.skipCleanup = true;
  auto molecule = SmilesParse::MolFromSmiles(smiles, parameters);
  if (!molecule) {
    return molecule;
  }
  sanitize_unmarked(*molecule, hybridization);
  const bool clean_it = true, force = true, flag_possible = false;
  RDKit::MolOps::assignStereochemistry(*molecule, clean_it, force, flag_possible);
  SmilesParseOps::CleanupAfterParsing(molecule.get());
  return molecule;
}

Reason reason_of_null(const std::string &smiles) {
  auto words = explain_syntax(smiles);
  if (words.empty()) {
    return {Code::kNullResult, "RDKit returned no molecule"};
  }
  return {Code::kSyntax, std::move(words)};
}

// Bytes of what MolFromSmiles may take for a CXSMILES extension; a name that stands alone is none.
std::size_t extension_bytes(std::string_view smiles) {
  const auto blank = smiles.find_first_of(" \t");
  const auto begin = smiles.find_first_not_of(" \t\r\n\v\f", blank);
  const bool is_extension =
      blank != std::string_view::npos && begin != std::string_view::npos && smiles[begin] == '|';
  return is_extension ? smiles.size() - begin : 0;
}

}  // namespace

bool is_readable(std::string_view smiles, const Limits &limits, Reason &refusal) {
  try {
    const auto atoms = count_atoms(smiles);
    if (atoms > limits.max_atoms) {
      refusal = too_many_atoms(atoms, limits.max_atoms);
      return false;
    }
    require_stack(kReadSmiles, atoms);
    require_stack(kReadExtension, extension_bytes(smiles));
    return true;
  } catch (...) {
    refusal = reason_of_current_exception();
    return false;
  }
}

bool parse_parent(std::string_view smiles, bool hybridization, Parent &parent, Reason &refusal) {
  try {
    const std::string text(smiles);
    const bool marked = may_have_stereo_marks(text);
    auto molecule = marked ? SmilesParse::MolFromSmiles(text) : parse_unmarked(text, hybridization);
    if (!molecule) {
      refusal = reason_of_null(text);
      return false;
    }
    // RunReactants uses atom bookmarks as scratch space and clears them first; so must we.
    molecule->clearAllAtomBookmarks();
    parent.molecule.reset(molecule.release());
    parent.has_hybridization = marked || hybridization;
    return true;
  } catch (...) {
    refusal = reason_of_current_exception();
    return false;
  }
}

void need_hybridization(Parent &parent) {
  if (!parent.has_hybridization) {
    RDKit::MolOps::setConjugation(*parent.molecule);
    RDKit::MolOps::setHybridization(*parent.molecule);
    parent.has_hybridization = true;
  }
}

}  // namespace xform
