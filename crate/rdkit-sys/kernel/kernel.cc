#include "kernel.h"

#include <limits>
#include <stdexcept>
#include <utility>

#include "apply.h"
#include "parent.h"

namespace xform {

void Kernel::add(std::unique_ptr<Transform> transform) {
  if (transforms_.size() > std::numeric_limits<std::uint16_t>::max()) {
    throw std::length_error("more than 65,536 transforms");
  }
  transforms_.push_back(std::move(transform));
}

void Kernel::refuse_row(Stage stage, Reason reason) {
  results_.reject();
  results_.failures.push_back({kNone, kNone, stage, std::move(reason)});
}

void Kernel::apply_all(std::string_view smiles) {
  Reason refusal;
  Parent parent{parse_parent(smiles, refusal), {}, {}};
  if (!parent.molecule) {
    refuse_row(Stage::kParse, std::move(refusal));
    return;
  }
  for (std::size_t index = 0; index < transforms_.size(); ++index) {
    apply_transform(parent, *transforms_[index], static_cast<std::uint16_t>(index), results_);
  }
}

void Kernel::run_row(std::string_view smiles) {
  results_.reset(transforms_.size());
  try {
    if (smiles.empty()) {
      results_.reject();
    } else {
      apply_all(smiles);
    }
    columns_.append(results_);
  } catch (const std::bad_alloc &) {
    // Our own bookkeeping of this row found no memory. What the row held is freed by now.
    refuse_row(Stage::kReaction, reason_of_current_exception());
    columns_.append(results_);
  }
}

void Kernel::run(std::string_view bytes, const std::uint32_t *offsets, std::size_t rows) {
  columns_.reset(rows, transforms_.size());
  for (std::size_t row = 0; row < rows; ++row) {
    run_row(bytes.substr(offsets[row], offsets[row + 1] - offsets[row]));
  }
}

}  // namespace xform
