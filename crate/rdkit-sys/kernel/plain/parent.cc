#include "plain/parent.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <memory>
#include <string>
#include <utility>

#include "base/stack.h"
#include "fast/fast.h"
#include "plain/atom_count.h"
#include "plain/syntax.h"
#include "plain/transform.h"

namespace xform {
namespace {

Reason reason_of_null(const std::string &smiles) {
  auto words = explain_syntax(smiles);
  if (words.empty()) {
    return {Code::kNullResult, "RDKit returned no molecule"};
  }
  return {Code::kSyntax, std::move(words)};
}

// Number of bytes that MolFromSmiles may read as a CXSMILES extension; a name alone is not one.
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

bool parse_parent(std::string_view smiles, bool hybridization, FastWing *fast, Parent &parent,
                  Reason &refusal) {
  try {
    const std::string text(smiles);
    auto molecule = fast ? fast->parse(text, hybridization) : nullptr;
    parent.has_hybridization = !molecule || hybridization;
    if (!molecule) {
      molecule = RDKit::v2::SmilesParse::MolFromSmiles(text);
    }
    if (!molecule) {
      refusal = reason_of_null(text);
      return false;
    }
    // RunReactants uses atom bookmarks as scratch space and clears them first, so we must do the same.
    molecule->clearAllAtomBookmarks();
    parent.molecule.reset(molecule.release());
    return true;
  } catch (...) {
    refusal = reason_of_current_exception();
    return false;
  }
}

Parent &with_hydrogens(Parent &parent) {
  if (!parent.with_hydrogens) {
    // AddHs copies the hybridization, so it has to be there before.
    need_hybridization(parent);
    auto molecule = std::make_unique<RDKit::RWMol>(*parent.molecule);
    RDKit::MolOps::addHs(*molecule);
    auto made = std::make_unique<Parent>();
    made->molecule.reset(molecule.release());
    made->keeps_salts = parent.keeps_salts;
    parent.with_hydrogens = std::move(made);
  }
  return *parent.with_hydrogens;
}

Parent &reacting(Parent &row, const Transform &transform) {
  return transform.explicit_hydrogens ? with_hydrogens(row) : row;
}

void need_hybridization(Parent &parent) {
  if (!parent.has_hybridization) {
    RDKit::MolOps::setConjugation(*parent.molecule);
    RDKit::MolOps::setHybridization(*parent.molecule);
    parent.has_hybridization = true;
  }
}

}  // namespace xform
