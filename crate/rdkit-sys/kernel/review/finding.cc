#include "review/finding.h"

namespace xform {

const char *name_of(FindingCode code) {
#define XFORM_NAME(member, name) name,
  static constexpr const char *kNames[] = {XFORM_FINDINGS(XFORM_NAME)};
#undef XFORM_NAME
  return kNames[static_cast<std::size_t>(code)];
}

}  // namespace xform
