#include "base/stack.h"

#include <stdexcept>
#include <string>

#include "platform/stack_left.h"

namespace xform {
namespace {

// For the part that does not grow; 12 KiB were measured.
constexpr std::size_t kBytesToStart = 64 * 1024;

}  // namespace

void require_stack(const RecursiveStep &step, std::size_t size) {
  if (kBytesToStart + size * step.bytes_each > stack_left()) {
    throw std::runtime_error(std::string(step.name) + " of " + std::to_string(size) + " " + step.unit +
                             " may need more stack than its thread has");
  }
}

}  // namespace xform
