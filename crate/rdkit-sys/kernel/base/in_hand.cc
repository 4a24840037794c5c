#include "base/in_hand.h"

#include "base/crash_injection.h"

namespace xform {

void InHand::keep_record(const std::string &path) { record_ = std::make_unique<CrashRecord>(path); }

void InHand::take_up(std::uint64_t source_row, std::string_view smiles) {
  smiles_ = smiles;
  if (record_) {
    record_->take_up(source_row);
  }
  crash_if_ordered(smiles, -1);
}

void InHand::begin_transform(std::int32_t transform) {
  if (record_) {
    record_->begin_transform(transform);
  }
  crash_if_ordered(smiles_, transform);
}

void InHand::put_down() {
  if (record_) {
    record_->put_down();
  }
}

}  // namespace xform
