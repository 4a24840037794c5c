#include "platform/crash_record.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

namespace xform {
namespace {

constexpr std::uint32_t kMagic = 0x52434658;
constexpr std::uint32_t kVersion = 1;

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(const std::string &path)
      : number_(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (number_ >= 0) {
      close(number_);
    }
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail(int code, const char *action) {
  throw std::system_error(code, std::generic_category(), action);
}

// The space is really allocated: on a full disk, a store into a hole of the file would end the process.
void size(const Descriptor &file, std::size_t bytes) {
  if (ftruncate(file.number(), static_cast<off_t>(bytes)) != 0) {
    fail(errno, "size the crash record");
  }
  if (const int code = posix_fallocate(file.number(), 0, static_cast<off_t>(bytes))) {
    fail(code, "size the crash record");
  }
}

std::uint64_t thread_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

// The layout of the file, in cells for the writer or for the reader.
template <template <typename> class Cell>
struct Layout {
  Cell<std::uint32_t> magic;
  Cell<std::uint32_t> version;
  Cell<std::uint64_t> sequence;
  Cell<std::uint64_t> source_row_plus_1;
  Cell<std::int32_t> transform;
  Cell<std::uint32_t> thread;
  Cell<std::uint64_t> cpu_ns;
};

template <typename Value>
using Plain = Value;

}  // namespace

// Atomic, so that the compiler writes each field, in this order.
struct CrashRecord::Fields : Layout<std::atomic> {};

CrashRecord::CrashRecord(const std::string &path) {
  static_assert(sizeof(Fields) == 40 && sizeof(Layout<Plain>) == sizeof(Fields) &&
                std::atomic<std::uint64_t>::is_always_lock_free);
  const Descriptor file(path);
  if (file.number() < 0) {
    fail(errno, "open the crash record");
  }
  size(file, sizeof(Fields));
  void *memory = mmap(nullptr, sizeof(Fields), PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
  if (memory == MAP_FAILED) {
    fail(errno, "map the crash record");
  }
  fields_ = new (memory) Fields{};
  fields_->transform = kParsing;
  fields_->thread = static_cast<std::uint32_t>(syscall(SYS_gettid));
  fields_->version = kVersion;
  fields_->magic = kMagic;
}

std::optional<CrashRecord::Noted> CrashRecord::read(std::string_view bytes) {
  Layout<Plain> found;
  if (bytes.size() != sizeof(found)) {
    return std::nullopt;
  }
  std::memcpy(&found, bytes.data(), sizeof(found));
  if (found.magic != kMagic || found.version != kVersion || found.sequence % 2 != 0 ||
      found.source_row_plus_1 == 0) {
    return std::nullopt;
  }
  return Noted{found.source_row_plus_1 - 1, found.transform, found.thread, found.cpu_ns};
}

CrashRecord::~CrashRecord() { munmap(fields_, sizeof(Fields)); }

template <typename Change>
void CrashRecord::change(Change &&change) {
  fields_->sequence.fetch_add(1);
  change(*fields_);
  fields_->sequence.fetch_add(1);
}

void CrashRecord::take_up(std::uint64_t source_row, std::int32_t transform) {
  const auto cpu_ns = thread_cpu_ns();
  change([&](Fields &fields) {
    fields.source_row_plus_1.store(source_row + 1, std::memory_order_relaxed);
    fields.transform.store(transform, std::memory_order_relaxed);
    fields.cpu_ns.store(cpu_ns, std::memory_order_relaxed);
  });
}

void CrashRecord::begin_transform(std::int32_t transform) {
  change([&](Fields &fields) { fields.transform.store(transform, std::memory_order_relaxed); });
}

void CrashRecord::put_down() {
  change([](Fields &fields) {
    fields.source_row_plus_1.store(0, std::memory_order_relaxed);
    fields.transform.store(kParsing, std::memory_order_relaxed);
  });
}

}  // namespace xform
