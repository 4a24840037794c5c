#include "exit.h"

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "xform-rdkit-sys/src/exit.rs.h"

namespace xform {
namespace {

void end_at_once(int status, void *) {
  if (is_busy()) {
    std::fflush(nullptr);
    _exit(status);
  }
}

}  // namespace

// glibc's on_exit, because a handler of atexit does not learn the status.
void end_at_once_if_busy() {
  if (on_exit(end_at_once, nullptr) != 0) {
    throw std::runtime_error("no room for an exit handler");
  }
}

}  // namespace xform
