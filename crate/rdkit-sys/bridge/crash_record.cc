#include "crash_record.h"

#include "platform/crash_record.h"
#include "xform-rdkit-sys/src/crash_record.rs.h"

namespace xform {

bool read_crash_record(rust::Slice<const std::uint8_t> bytes, NotedRow &row) {
  const auto noted = CrashRecord::read({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  if (noted) {
    row = {noted->source_row, noted->transform, noted->thread, noted->cpu_ns};
  }
  return noted.has_value();
}

}  // namespace xform
