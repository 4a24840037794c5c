#include "base/in_hand.h"

#include "base/crash_injection.h"

namespace xform {

void InHand::keep_record(const std::string &path) { record_ = std::make_unique<CrashRecord>(path); }

void InHand::take_up(std::uint64_t source_row, std::string_view smiles) {
  source_row_ = source_row;
  smiles_ = smiles;
  is_made_again_ = false;
  if (record_) {
    record_->take_up(source_row, kParsing);
  }
  crash_if_ordered(smiles, kParsing);
}

void InHand::read_as(std::string_view smiles) {
  smiles_ = smiles;
  crash_if_ordered(smiles, is_made_again_ ? kMakingAgain : kParsing);
}

void InHand::begin_transform(std::int32_t transform) {
  if (is_made_again_) {
    return;
  }
  if (record_) {
    record_->begin_transform(transform);
  }
  crash_if_ordered(smiles_, transform);
}

void InHand::make_again() {
  is_made_again_ = true;
  if (record_) {
    record_->take_up(source_row_, kMakingAgain);
  }
  crash_if_ordered(smiles_, kMakingAgain);
}

void InHand::put_down() {
  if (record_) {
    record_->put_down();
  }
}

}  // namespace xform
