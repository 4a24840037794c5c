#include "allocator.h"

#include <cstdlib>
#include <memory>
#include <new>
#include <sstream>

#include "xform-rdkit-sys/src/allocator.rs.h"

#ifdef XFORM_MIMALLOC
#include <mimalloc.h>

// <new> declares the operators visible, and the compiler ignores an attribute that contradicts it, so the
// assembler is told directly. These are their mangled names on 64-bit machines, in the order of the
// definitions below.
__asm__(R"(
  .hidden _Znwm
  .hidden _Znam
  .hidden _ZnwmRKSt9nothrow_t
  .hidden _ZnamRKSt9nothrow_t
  .hidden _ZnwmSt11align_val_t
  .hidden _ZnamSt11align_val_t
  .hidden _ZnwmSt11align_val_tRKSt9nothrow_t
  .hidden _ZnamSt11align_val_tRKSt9nothrow_t
  .hidden _ZdlPv
  .hidden _ZdaPv
  .hidden _ZdlPvm
  .hidden _ZdaPvm
  .hidden _ZdlPvRKSt9nothrow_t
  .hidden _ZdaPvRKSt9nothrow_t
  .hidden _ZdlPvSt11align_val_t
  .hidden _ZdaPvSt11align_val_t
  .hidden _ZdlPvmSt11align_val_t
  .hidden _ZdaPvmSt11align_val_t
  .hidden _ZdlPvSt11align_val_tRKSt9nothrow_t
  .hidden _ZdaPvSt11align_val_tRKSt9nothrow_t
)");

namespace {

// mi_new is not used: a C build of mimalloc has no exceptions, so mi_new ends the process when memory runs
// out.
void *take(std::size_t size) {
  if (void *memory = mi_malloc(size)) {
    return memory;
  }
  throw std::bad_alloc();
}

void *take(std::size_t size, std::align_val_t alignment) {
  if (void *memory = mi_malloc_aligned(size, static_cast<std::size_t>(alignment))) {
    return memory;
  }
  throw std::bad_alloc();
}

}  // namespace

void *operator new(std::size_t size) { return take(size); }
void *operator new[](std::size_t size) { return take(size); }
void *operator new(std::size_t size, const std::nothrow_t &) noexcept { return mi_malloc(size); }
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept { return mi_malloc(size); }
void *operator new(std::size_t size, std::align_val_t alignment) { return take(size, alignment); }
void *operator new[](std::size_t size, std::align_val_t alignment) { return take(size, alignment); }
void *operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t &) noexcept {
  return mi_malloc_aligned(size, static_cast<std::size_t>(alignment));
}
void *operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t &) noexcept {
  return mi_malloc_aligned(size, static_cast<std::size_t>(alignment));
}

void operator delete(void *memory) noexcept { mi_free(memory); }
void operator delete[](void *memory) noexcept { mi_free(memory); }
void operator delete(void *memory, std::size_t) noexcept { mi_free(memory); }
void operator delete[](void *memory, std::size_t) noexcept { mi_free(memory); }
void operator delete(void *memory, const std::nothrow_t &) noexcept { mi_free(memory); }
void operator delete[](void *memory, const std::nothrow_t &) noexcept { mi_free(memory); }
void operator delete(void *memory, std::align_val_t) noexcept { mi_free(memory); }
void operator delete[](void *memory, std::align_val_t) noexcept { mi_free(memory); }
void operator delete(void *memory, std::size_t, std::align_val_t) noexcept { mi_free(memory); }
void operator delete[](void *memory, std::size_t, std::align_val_t) noexcept { mi_free(memory); }
void operator delete(void *memory, std::align_val_t, const std::nothrow_t &) noexcept { mi_free(memory); }
void operator delete[](void *memory, std::align_val_t, const std::nothrow_t &) noexcept { mi_free(memory); }
#endif

namespace xform {
namespace {

bool is_in_mimalloc([[maybe_unused]] const void *memory) {
#ifdef XFORM_MIMALLOC
  return mi_is_in_heap_region(memory);
#else
  return false;
#endif
}

bool new_is_in_mimalloc() {
  // The volatile pointer keeps the compiler from removing the allocation.
  void *volatile memory = ::operator new(64);
  const bool is_in = is_in_mimalloc(memory);
  ::operator delete(memory);
  return is_in;
}

// The text is too long for a string's internal buffer, and the code that allocates memory for it is
// libstdc++'s.
bool libstdcxx_string_is_in_mimalloc() {
  std::ostringstream stream;
  for (int i = 0; i < 100; ++i) {
    stream << i;
  }
  const std::string text = stream.str();
  return is_in_mimalloc(text.data());
}

bool malloc_is_in_mimalloc() {
  void *volatile memory = std::malloc(64);
  const bool is_in = is_in_mimalloc(memory);
  std::free(memory);
  return is_in;
}

}  // namespace

bool is_in_mimalloc(rust::Slice<const std::uint8_t> memory) {
  return is_in_mimalloc(static_cast<const void *>(memory.data()));
}

AllocatorReport allocator_report() {
  return {new_is_in_mimalloc(), libstdcxx_string_is_in_mimalloc(), malloc_is_in_mimalloc()};
}

void allocate_and_free(std::size_t bytes) {
  void *volatile memory = ::operator new(bytes);
  ::operator delete(memory);
}

}  // namespace xform
