#include "parent.h"

#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <memory>
#include <string>
#include <utility>

#include "syntax.h"

namespace xform {
namespace {

Reason reason_of_null(const std::string &smiles) {
  auto words = explain_syntax(smiles);
  if (words.empty()) {
    return {Code::kNullResult, "RDKit returned no molecule"};
  }
  return {Code::kSyntax, std::move(words)};
}

}  // namespace

RDKit::ROMOL_SPTR parse_parent(std::string_view smiles, Reason &refusal) {
  try {
    const std::string text(smiles);
    auto molecule = RDKit::v2::SmilesParse::MolFromSmiles(text);
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
