// How much stack a thread has left.
#pragma once

#include <cstddef>

namespace xform {

// Bytes of stack that the calling thread has left. Asks the system once per thread.
std::size_t stack_left();

}  // namespace xform
