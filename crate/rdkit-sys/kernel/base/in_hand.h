// What a thread is processing, for an observer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/crash_record.h"

namespace xform {

// The one place where the kernel records what it is about to do: in the crash record, if there is one, and
// for the hooks of tests (crash_injection.h).
class InHand {
 public:
  // From now on, also records it in the file at `path`; see platform/crash_record.h. Throws
  // std::system_error.
  void keep_record(const std::string &path);

  // A row is started; it will be parsed.
  void take_up(std::uint64_t source_row, std::string_view smiles);
  // The row is in another notation, and is this SMILES, which must outlive the row.
  void read_as(std::string_view smiles);
  // A transform of the row, given by its position in the run, is started.
  void begin_transform(std::int32_t transform);
  // The row is started once more, to be made by RDKit alone or to be tried neutral. Transforms are not
  // recorded until the next row.
  void make_again();
  // Nothing is being processed.
  void put_down();

 private:
  std::unique_ptr<CrashRecord> record_;  // null: no observer
  std::uint64_t source_row_ = 0;
  std::string_view smiles_;
  bool is_made_again_ = false;
};

}  // namespace xform
