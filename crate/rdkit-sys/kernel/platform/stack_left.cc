#include "platform/stack_left.h"

#include <pthread.h>

#include <cstdint>

namespace xform {
namespace {

// The lowest address of the calling thread's stack; 0 if the system does not report it.
std::uintptr_t stack_end() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
    return 0;
  }
  void *lowest = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  return reinterpret_cast<std::uintptr_t>(lowest);
}

}  // namespace

std::size_t stack_left() {
  static thread_local const std::uintptr_t end = stack_end();
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - end;
}

}  // namespace xform
