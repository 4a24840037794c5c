// How the process ends while threads are inside RDKit.
#pragma once

#include "trycatch.h"

namespace xform {

// Makes `exit()` end the process at once if a thread is still in RDKit then. Otherwise it would destroy C++
// statics under the feet of that thread, which cannot be interrupted, and crash.
//
// `exit()` runs its handlers last first, and RDKit registers some when it first uses a static. So this may be
// called again, as close to the end as possible.
void end_at_once_if_busy();

}  // namespace xform
