#include "parent.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesParseOps.h>

#include <memory>
#include <string>
#include <utility>

#include "atom_count.h"
#include "stack.h"
#include "syntax.h"

namespace xform {
namespace {

namespace SmilesParse = RDKit::v2::SmilesParse;
using MoleculePtr = std::unique_ptr<RDKit::RWMol>;

// Only these characters can bring stereo marks into a molecule, or an extension or name after it.
bool may_have_stereo_marks(const std::string &smiles) {
  return smiles.find_first_of("@/\\ \t") != std::string::npos;
}

// MolFromSmiles for a text without stereo marks, step by step, except for the flag that makes
// assignStereochemistry rank all atoms (CIP) to note where marks would be possible. The notes are properties
// of atoms that nothing here reads: a product loses them as sanitizing begins, and SMARTS do not see them.
// Not ranking saves a twelfth of the time of a row (plants, OMe); atoms without properties are also cheaper
// to copy.
MoleculePtr parse_unmarked(const std::string &smiles) {
  SmilesParse::SmilesParserParams parameters;
  parameters.sanitize = false;
  parameters.removeHs = false;
  parameters.skipCleanup = true;
  auto molecule = SmilesParse::MolFromSmiles(smiles, parameters);
  if (!molecule) {
    return molecule;
  }
  RDKit::MolOps::RemoveHsParameters hydrogens;
  hydrogens.updateExplicitCount = true;
  const bool sanitize = true;
  RDKit::MolOps::removeHs(*molecule, hydrogens, sanitize);
  const bool clean_it = true, force = true, flag_possible = false;
  RDKit::MolOps::assignStereochemistry(*molecule, clean_it, force, flag_possible);
  SmilesParseOps::CleanupAfterParsing(molecule.get());
  return molecule;
}

MoleculePtr parse(const std::string &smiles) {
  return may_have_stereo_marks(smiles) ? SmilesParse::MolFromSmiles(smiles) : parse_unmarked(smiles);
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

RDKit::ROMOL_SPTR parse_parent(std::string_view smiles, Reason &refusal) {
  try {
    const std::string text(smiles);
    auto molecule = parse(text);
    if (!molecule) {
      refusal = reason_of_null(text);
      return nullptr;
    }
    // RunReactants uses atom bookmarks as scratch space and clears them first; so must we.
    molecule->clearAllAtomBookmarks();
    return RDKit::ROMOL_SPTR(molecule.release());
  } catch (...) {
    refusal = reason_of_current_exception();
    return nullptr;
  }
}

}  // namespace xform
