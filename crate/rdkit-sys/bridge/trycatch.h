// How an exception becomes a Rust `Err`. cxx's own conversion catches only std::exception, and any other
// exception ends the process.
#pragma once

#include <exception>

namespace rust {
namespace behavior {

template <typename Try, typename Fail>
static void trycatch(Try &&attempt, Fail &&fail) noexcept try {
  attempt();
} catch (const std::exception &error) {
  fail(error.what());
} catch (...) {
  fail("unknown C++ exception");
}

}  // namespace behavior
}  // namespace rust
