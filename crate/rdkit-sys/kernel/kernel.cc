#include "kernel.h"

#include <GraphMol/MolOps.h>

#include <algorithm>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>

#include "apply.h"
#include "plain/parent.h"
#include "plain/salts.h"
#include "reading/mol_block.h"

namespace xform {
namespace {

// A charge is written with one of these signs. Most rows have none, and need no molecule to know.
bool may_be_charged(std::string_view smiles) { return smiles.find_first_of("+-") != std::string_view::npos; }

}  // namespace

Kernel::Kernel() { declare_columns(); }

void Kernel::add(std::unique_ptr<Transform> transform) {
  if (transforms_.size() > std::numeric_limits<std::uint16_t>::max()) {
    throw std::length_error("more than 65,536 transforms");
  }
  fast_.add(*transform->reaction, transform->explicit_hydrogens);
  reads_hybridization_ = reads_hybridization_ || transform->reads_hybridization;
  transforms_.push_back(std::move(transform));
}

void Kernel::choose_standardization(std::string_view how) {
  standardizer_ = std::make_unique<Standardizer>(how);
  declare_columns();
}

void Kernel::set_alerts(std::unique_ptr<const Alerts> alerts) {
  alerts->teach(fast_);
  properties_.set_alerts(std::move(alerts));
}

void Kernel::choose_columns(const std::vector<std::string> &columns) {
  properties_.choose(columns);
  declare_columns();
}

void Kernel::choose_notations(bool mapped, bool cxsmiles) {
  notations_.choose(mapped, cxsmiles);
  declare_columns();
}

void Kernel::declare_columns() {
  auto columns = computed_columns();
  if (standardizer_) {
    columns.push_back(parent_column());
  }
  for (const auto &chosen : {notations_.columns(), properties_.columns()}) {
    columns.insert(columns.end(), chosen.begin(), chosen.end());
  }
  columns_.products.declare(std::move(columns));
}

std::vector<std::uint16_t> Kernel::possible_transforms(std::string_view smiles) {
  std::vector<std::uint16_t> possible;
  fast_.take_up(smiles);
  for (auto index = fast_.next_possible(0); index < transforms_.size();
       index = fast_.next_possible(index + 1)) {
    possible.push_back(static_cast<std::uint16_t>(index));
  }
  fast_.put_down();
  return possible;
}

void Kernel::make_all(const Row &row, FastWing *fast, RowResults &results) {
  if (const auto smiles = read_row(row, fast, results)) {
    make_smiles(*smiles, fast, results);
  }
}

std::optional<Kernel::Row> Kernel::read_row(const Row &row, FastWing *fast, RowResults &results) {
  if (row.notation == Notation::kSmiles) {
    return row;
  }
  Reason refusal;
  if (!read_mol_block({row.smiles, row.line}, limits_, notations_.have_stereo_groups(), fast, results.read,
                      refusal)) {
    results.refuse_row(Stage::kParse, std::move(refusal));
    return std::nullopt;
  }
  in_hand_.read_as(results.read.smiles);
  return row.as(results.read.smiles);
}

void Kernel::make_smiles(const Row &row, FastWing *fast, RowResults &results) {
  if (!standardizer_) {
    make_parent(row, Stage::kParse, fast, results);
  } else if (standardize_row(row, results)) {
    make_parent(row.as(results.parent.smiles), Stage::kStandardize, fast, results);
  }
}

bool Kernel::standardize_row(const Row &row, RowResults &results) {
  Parent parent;
  Reason refusal;
  const bool hybridization = true;
  if (!is_readable(row.smiles, limits_, refusal) ||
      !parse_parent(row.smiles, hybridization, nullptr, parent, refusal)) {
    results.refuse_row(Stage::kParse, std::move(refusal));
    return false;
  }
  if (!standardizer_->standardize(*parent.molecule, results.parent, refusal)) {
    results.refuse_row(Stage::kStandardize, std::move(refusal));
    return false;
  }
  return true;
}

void Kernel::make_parent(const Row &row, Stage stage, FastWing *fast, RowResults &results) {
  Parent parent;
  Reason refusal;
  if (!read(row.smiles, fast, parent, refusal)) {
    results.refuse_row(stage, std::move(refusal));
    return;
  }
  // A skip concerns a transform whether or not it may have a site.
  const auto from = [&](std::size_t index) {
    return fast && row.skips.empty() ? fast->next_possible(index) : index;
  };
  for (auto index = from(0); index < transforms_.size(); index = from(index + 1)) {
    make(row, static_cast<std::uint16_t>(index), fast, parent, results);
  }
}

bool Kernel::read(std::string_view smiles, FastWing *fast, Parent &parent, Reason &refusal) {
  if (!is_readable(smiles, limits_, refusal)) {
    return false;
  }
  if (fast) {
    fast->take_up(smiles);
    if (!fast->needs_molecule()) {
      return true;
    }
  }
  if (!parse_parent(smiles, reads_hybridization_, fast, parent, refusal)) {
    return false;
  }
  parent.keeps_salts = keep_salts_ && is_in_fragments(*parent.molecule);
  return true;
}

void Kernel::make(const Row &row, std::uint16_t index, FastWing *fast, Parent &parent, RowResults &results) {
  if (const auto *skip = row.skips.find(index)) {
    results.refuse(index, Stage::kReaction, reason_of(*skip));
    return;
  }
  in_hand_.begin_transform(index);
  if (!fast || fast->next_possible(index) == index) {
    const auto first_product = results.products.size();
    apply_transform(parent, *transforms_[index], index, limits_, fast, results);
    if (results.products.size() == first_product) {
      return;
    }
    const bool has_groups = !parent.molecule->getStereoGroups().empty();
    results.tally(index).rows_stereo_groups_dropped += results.read.lost_groups ||
                                                       results.parent.lost_groups ||
                                                       (has_groups && !notations_.have_stereo_groups());
    notations_.write(parent, *transforms_[index], first_product, results);
    properties_.compute(row.smiles, index, first_product, fast, results);
  }
}

void Kernel::run_row(const Row &row) {
  results_.reset();
  fast_.put_down();
  try {
    if (row.smiles.empty()) {
      results_.reject();
    } else if (const auto *skip = row.skips.find(kNone)) {
      results_.refuse_row(Stage::kParse, reason_of(*skip));
    } else {
      in_hand_.take_up(row.source_row, row.smiles);
      make_all(row, is_fast_ ? &fast_ : nullptr, results_);
    }
    columns_.append(results_);
  } catch (const std::bad_alloc &) {
    // Our own bookkeeping for this row ran out of memory. The memory of the row has been freed by now.
    results_.refuse_row(Stage::kReaction, reason_of_current_exception());
    columns_.append(results_);
  }
}

void Kernel::recheck(const Row &row) {
  in_hand_.make_again();
  again_.reset();
  try {
    make_all(row, nullptr, again_);
  } catch (const std::bad_alloc &) {
    again_.refuse_row(Stage::kReaction, reason_of_current_exception());
  }
  witness_.compare(row.source_row, columns_.products.declared(), results_, again_);
}

void Kernel::try_neutral(const Row &row) {
  in_hand_.make_again();
  try {
    Parent parent;
    Reason refusal;
    const bool hybridization = true;
    if (!parse_parent(row.smiles, hybridization, nullptr, parent, refusal) ||
        RDKit::MolOps::getFormalCharge(*parent.molecule) == 0) {
      return;
    }
    ++charged_.tried;
    if (has_site_when_neutral(*parent.molecule)) {
      ++charged_.found;
      charged_.example = charged_.example.value_or(row.source_row);
    }
  } catch (const std::bad_alloc &) {
    // The row is only one of many that are tried.
  }
}

bool Kernel::has_site_when_neutral(const RDKit::ROMol &molecule) {
  if (!neutralizer_) {
    neutralizer_ = std::make_unique<Standardizer>("neutral");
  }
  StandardParent neutral;
  Parent parent;
  Reason refusal;
  const bool hybridization = true;
  const bool is_read = neutralizer_->standardize(molecule, neutral, refusal) &&
                       is_readable(neutral.smiles, limits_, refusal) &&
                       parse_parent(neutral.smiles, hybridization, nullptr, parent, refusal);
  return is_read && std::any_of(transforms_.begin(), transforms_.end(),
                                [&](const auto &transform) { return has_site(parent, *transform); });
}

void Kernel::run(const Batch &batch) {
  columns_.reset(batch.rows, transforms_.size());
  witness_ = {};
  charged_ = {};
  profile_.begin(batch.rows);
  SkipsOfBatch skips(batch.skips);
  auto chosen = batch.rechecks.begin();
  auto trial = batch.trials.begin();
  for (std::uint32_t index = 0; index < batch.rows && !witness_.difference; ++index) {
    const auto begin = batch.offsets[index], end = batch.offsets[index + 1];
    const Row row{batch.first_row + index, batch.bytes.substr(begin, end - begin), skips.take(index),
                  batch.notation, batch.lines ? batch.lines[index] : 0};
    run_row(row);
    profile_.add(results_);
    if (chosen != batch.rechecks.end() && *chosen == index) {
      ++chosen;
      if (fast_.has_answered()) {
        recheck(row);
        profile_.begin_row();
      }
    }
    if (trial != batch.trials.end() && *trial == index) {
      ++trial;
      const auto smiles = row.notation == Notation::kSmiles ? row : row.as(results_.read.smiles);
      if (results_.outcome == Outcome::kNoSite && may_be_charged(smiles.smiles)) {
        try_neutral(smiles);
        profile_.begin_row();
      }
    }
  }
  columns_.finish();
  in_hand_.put_down();
}

}  // namespace xform
