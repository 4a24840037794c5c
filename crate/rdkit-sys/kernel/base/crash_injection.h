// Crashes on demand, to test what happens then. Compiled in with the feature `crash-injection` only.
#pragma once

#include <cstdint>
#include <string_view>

namespace xform {

// The variable XFORM_CRASH_SMILES, read once, holds orders separated by `;`, each `kind:SMILES` or
// `kind@transform:SMILES`. The first kind strikes before the row is parsed (`transform` -1), the second when
// the transform of that position is begun. Kinds: `abort`, `segv` (a write to nowhere), `stack` (overflows
// the stack), `spin` (never returns), `hog` (takes memory until the system ends the process).
#ifdef XFORM_CRASH_INJECTION
void crash_if_ordered(std::string_view smiles, std::int32_t transform);
#else
inline void crash_if_ordered(std::string_view, std::int32_t) {}
#endif

}  // namespace xform
