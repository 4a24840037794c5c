// What a thread has in hand, for whoever watches it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/crash_record.h"

namespace xform {

// The one place where the kernel notes what it is about to do: in the crash record, if there is one, and to
// the hooks of tests (crash_injection.h).
class InHand {
 public:
  // From now on notes it in the file at `path` too; see platform/crash_record.h. Throws std::system_error.
  void keep_record(const std::string &path);

  // A row is taken up, to be parsed.
  void take_up(std::uint64_t source_row, std::string_view smiles);
  // A transform of it is begun, by its position in the run.
  void begin_transform(std::int32_t transform);
  // The row is taken up once more, to be made by RDKit alone. Transforms are not noted until the next row.
  void make_again();
  // Nothing is in hand.
  void put_down();

 private:
  std::unique_ptr<CrashRecord> record_;  // null: nobody watches
  std::uint64_t source_row_ = 0;
  std::string_view smiles_;
  bool is_made_again_ = false;
};

}  // namespace xform
