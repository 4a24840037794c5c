#include "platform/exit.h"

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

namespace xform {
namespace {

void call(int status, void *handler) { reinterpret_cast<void (*)(int)>(handler)(status); }

}  // namespace

void call_at_exit(void (*handler)(int status)) {
  if (on_exit(call, reinterpret_cast<void *>(handler)) != 0) {
    throw std::runtime_error("no room for an exit handler");
  }
}

void end_at_once(int status) {
  std::fflush(nullptr);
  _exit(status);
}

}  // namespace xform
