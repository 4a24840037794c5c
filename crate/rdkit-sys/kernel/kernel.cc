#include "kernel.h"

#include <limits>
#include <stdexcept>
#include <utility>

#include "apply.h"
#include "base/crash_injection.h"
#include "plain/parent.h"

namespace xform {

void Kernel::add(std::unique_ptr<Transform> transform) {
  if (transforms_.size() > std::numeric_limits<std::uint16_t>::max()) {
    throw std::length_error("more than 65,536 transforms");
  }
  fast_.add(*transform->reaction);
  reads_hybridization_ = reads_hybridization_ || transform->reads_hybridization;
  transforms_.push_back(std::move(transform));
}

void Kernel::keep_crash_record(const std::string &path) {
  crash_record_ = std::make_unique<CrashRecord>(path);
}

void Kernel::refuse_row(Stage stage, Reason reason) {
  results_.reject();
  results_.failures.push_back({kNone, kNone, stage, std::move(reason)});
}

void Kernel::apply_all(const Row &row, FastWing *fast) {
  if (const auto *skip = row.skips.find(kNone)) {
    refuse_row(Stage::kParse, reason_of(*skip));
    return;
  }
  if (crash_record_) {
    crash_record_->take_up(row.source_row);
  }
  crash_if_ordered(row.smiles, kNone);
  Parent parent;
  Reason refusal;
  if (!read(row.smiles, fast, parent, refusal)) {
    refuse_row(Stage::kParse, std::move(refusal));
    return;
  }
  for (std::size_t index = 0; index < transforms_.size(); ++index) {
    apply_one(row, static_cast<std::uint16_t>(index), fast, parent);
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
  return parse_parent(smiles, reads_hybridization_, fast, parent, refusal);
}

void Kernel::apply_one(const Row &row, std::uint16_t index, FastWing *fast, Parent &parent) {
  if (const auto *skip = row.skips.find(index)) {
    results_.refuse(index, Stage::kReaction, reason_of(*skip));
    return;
  }
  if (crash_record_) {
    crash_record_->begin_transform(index);
  }
  crash_if_ordered(row.smiles, index);
  if (fast && !fast->may_match(index)) {
    results_.conclude(index, Outcome::kNoSite);
    return;
  }
  apply_transform(parent, *transforms_[index], index, limits_, fast, results_);
}

void Kernel::run_row(const Row &row) {
  results_.reset(transforms_.size());
  try {
    if (row.smiles.empty()) {
      results_.reject();
    } else {
      apply_all(row, is_fast_ ? &fast_ : nullptr);
    }
    columns_.append(results_);
  } catch (const std::bad_alloc &) {
    // Our own bookkeeping of this row found no memory. What the row held is freed by now.
    refuse_row(Stage::kReaction, reason_of_current_exception());
    columns_.append(results_);
  }
}

void Kernel::run(const Batch &batch) {
  columns_.reset(batch.rows, transforms_.size());
  SkipsOfBatch skips(batch.skips);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const auto begin = batch.offsets[row], end = batch.offsets[row + 1];
    run_row({batch.first_row + row, batch.bytes.substr(begin, end - begin),
             skips.take(static_cast<std::uint32_t>(row))});
  }
  if (crash_record_) {
    crash_record_->put_down();
  }
}

}  // namespace xform
