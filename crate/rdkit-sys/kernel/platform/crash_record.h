// What a thread is processing, in a file that outlives the process.
//
// A crash of RDKit takes the process with it. An observer of the process learns from this file which molecule
// and transform the thread was processing. The file is mapped, so writing to it costs a few stores, and
// stores into a shared mapping survive any death of the process. Layout, little endian, 40 bytes:
//
//    0  u32  magic       0x52434658, the letters "XFCR"
//    4  u32  version     1
//    8  u64  sequence    raised before and after each change of the fields below: odd while they change
//   16  u64  source_row  + 1; 0 if nothing is being processed
//   24  i32  transform   position in the run; -1 while the row is parsed, -2 during the recheck (witness.h)
//   28  u32  thread      its Linux thread id
//   32  u64  cpu_ns      CPU time of the thread (CLOCK_THREAD_CPUTIME_ID) when it started the row
//
// To read it from a living process, read until two copies are equal. If a dead process left the sequence odd,
// the thread was between two molecules or transforms, and so is not to blame.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xform {

// Values of the field `transform` that are not positions.
constexpr std::int32_t kParsing = -1;
constexpr std::int32_t kMakingAgain = -2;

class CrashRecord {
 public:
  // Creates or overwrites the file at `path`, for the calling thread, with nothing in progress. A symbolic
  // link there is not followed. Throws std::system_error.
  explicit CrashRecord(const std::string &path);
  ~CrashRecord();  // leaves the file as it is
  CrashRecord(const CrashRecord &) = delete;
  CrashRecord &operator=(const CrashRecord &) = delete;

  // The row in a record.
  struct Noted {
    std::uint64_t source_row;
    std::int32_t transform;
    std::uint32_t thread;
    std::uint64_t cpu_ns;
  };

  // Reads the content of a record's file. Nothing if it is not a record, if the thread is not working on a
  // row, or if the sequence is odd.
  static std::optional<Noted> read(std::string_view bytes);

  void take_up(std::uint64_t source_row, std::int32_t transform);
  void begin_transform(std::int32_t transform);
  void put_down();

 private:
  struct Fields;

  template <typename Change>
  void change(Change &&change);

  Fields *fields_;
};

}  // namespace xform
