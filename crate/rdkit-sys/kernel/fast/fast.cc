#include "fast/fast.h"

#include <cstdint>
#include <optional>

#include "base/crash_injection.h"
#include "fast/canonical_smiles.h"
#include "fast/edit.h"
#include "fast/edit_script.h"
#include "fast/mol_block.h"
#include "fast/parse.h"
#include "fast/prefilter.h"
#include "fast/sanitize.h"

namespace xform {
namespace {

// The edits of a transform.
struct Edits {
  std::vector<EditScript> scripts;  // one per product template; empty: no product is an edit
  std::string why_none;
};

Edits compile_edits(const RDKit::ChemicalReaction &reaction) {
  Edits edits;
  edits.scripts.resize(reaction.getNumProductTemplates());
  for (std::size_t which = 0; which < edits.scripts.size(); ++which) {
    if (!compile_script(reaction, which, edits.scripts[which], edits.why_none)) {
      edits.scripts.clear();
      break;
    }
  }
  return edits;
}

template <typename Parse>
std::unique_ptr<RDKit::RWMol> null_if_bad(Parse parse) {
  try {
    return parse();
  } catch (...) {
    return nullptr;
  }
}

}  // namespace

struct FastWing::Parts {
  Prefilter prefilter;
  Prefilter alerts;
  std::vector<Edits> edits;  // by transform
  // The text of the current row.
  std::string_view smiles;
  std::optional<Editor> editor;
  bool has_answered = false;
};

FastWing::FastWing() : parts_(std::make_unique<Parts>()) {}
FastWing::~FastWing() = default;

void FastWing::add(const RDKit::ChemicalReaction &reaction, bool explicit_hydrogens) {
  if (explicit_hydrogens) {
    parts_->prefilter.add_with_hydrogens();
    parts_->edits.push_back({{}, "its parents have their hydrogens as atoms"});
    return;
  }
  parts_->prefilter.add(*reaction.getReactants().front());
  parts_->edits.push_back(compile_edits(reaction));
}

void FastWing::add_alert(const RDKit::ROMol &pattern) { parts_->alerts.add(pattern); }

const std::string &FastWing::why_no_edit(std::size_t transform) const {
  return parts_->edits[transform].why_none;
}

std::string FastWing::describe_prefilter(std::size_t transform) const {
  return parts_->prefilter.describe(transform);
}

void FastWing::put_down() {
  parts_->editor.reset();
  parts_->has_answered = false;
}

void FastWing::take_up(std::string_view smiles) {
  parts_->smiles = smiles;
  const bool rules_out = parts_->prefilter.look_at(smiles) || is_lie_ordered(smiles, -1);
  parts_->has_answered = parts_->has_answered || rules_out;
}

bool FastWing::needs_molecule() const {
  return parts_->prefilter.needs_molecule() && !is_lie_ordered(parts_->smiles, -1);
}

std::size_t FastWing::next_possible(std::size_t transform) const {
  return is_lie_ordered(parts_->smiles, -1) ? parts_->edits.size()
                                            : parts_->prefilter.next_possible(transform);
}

std::unique_ptr<RDKit::RWMol> FastWing::parse(const std::string &smiles, bool hybridization) {
  if (may_have_stereo_marks(smiles)) {
    return nullptr;
  }
  parts_->has_answered = true;
  return null_if_bad([&] { return parse_unmarked(smiles, hybridization); });
}

std::unique_ptr<RDKit::RWMol> FastWing::parse_mol_block(const std::string &text) {
  auto molecule = null_if_bad([&] { return parse_plain_block(text); });
  parts_->has_answered = parts_->has_answered || molecule;
  return molecule;
}

std::vector<EditedProduct> FastWing::edit(const RDKit::ROMol &parent, std::size_t transform,
                                          const RDKit::MatchVectType &match, const char *&obstacle) {
  const auto &edits = parts_->edits[transform];
  obstacle = edits.scripts.empty() ? edits.why_none.c_str() : nullptr;
  if (obstacle) {
    return {};
  }
  if (!parts_->editor) {
    parts_->editor.emplace(parent);
  }
  std::vector<EditedProduct> products;
  for (const auto &script : edits.scripts) {
    auto product = parts_->editor->edit(script, match, obstacle);
    if (obstacle) {
      return {};
    }
    products.push_back({std::move(product), static_cast<unsigned int>(script.atoms.size())});
  }
  if (is_lie_ordered(parts_->smiles, static_cast<std::int32_t>(transform))) {
    products.front().molecule->getAtomWithIdx(0)->setIsotope(99);
  }
  parts_->has_answered = true;
  return products;
}

bool FastWing::sanitize(RDKit::RWMol &product) {
  const bool is_settled = xform::sanitize(product);
  parts_->has_answered = parts_->has_answered || is_settled;
  return is_settled;
}

bool FastWing::write(RDKit::RWMol &molecule, CanonicalSmiles &smiles) {
  const bool is_written = write_canonical_smiles(molecule, smiles);
  parts_->has_answered = parts_->has_answered || is_written;
  return is_written;
}

void FastWing::take_up_product(std::string_view smiles) {
  const bool rules_out = parts_->alerts.look_at(smiles);
  parts_->has_answered = parts_->has_answered || rules_out;
}

std::size_t FastWing::next_possible_alert(std::size_t alert) const {
  return parts_->alerts.next_possible(alert);
}

bool FastWing::has_answered() const { return parts_->has_answered; }

}  // namespace xform
