#include "exit.h"

#include "../kernel/platform/exit.h"
#include "xform-rdkit-sys/src/exit.rs.h"

namespace xform {

void end_at_once_if_busy() {
  call_at_exit([](int status) {
    if (is_busy()) {
      end_at_once(status);
    }
  });
}

}  // namespace xform
