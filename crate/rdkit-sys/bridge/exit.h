// How the process ends while threads are inside RDKit.
#pragma once

#include "trycatch.h"

namespace xform {

// Makes `exit()` end the process at once if a thread is still in RDKit at that time. Otherwise it would
// destroy C++ statics that this thread is using, which cannot be interrupted, and the process would crash.
//
// `exit()` runs its handlers in reverse order, and RDKit registers some when it first uses a static. This
// function may therefore be called again, as close to the end as possible.
void end_at_once_if_busy();

}  // namespace xform
