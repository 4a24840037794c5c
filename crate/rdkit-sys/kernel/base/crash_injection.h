// Crashes and wrong answers on demand, to test how they are handled. Compiled in only with the feature
// `test-hooks`.
#pragma once

#include <cstdint>
#include <string_view>

namespace xform {

// The variable XFORM_CRASH_SMILES, read once, holds orders separated by `;`, each `kind:SMILES` or
// `kind@transform:SMILES`. The first form takes effect before the row is parsed (`transform` -1), the
// second when the transform at that position starts; -2 is the recheck by RDKit alone (witness.h). Kinds:
// `abort`, `segv` (a write to an invalid address), `stack` (overflows the stack), `spin` (never returns),
// `hog` (takes memory until the system ends the process), and `lie`, which does not end the process: the
// fast wing finds no site in the row (-1), or gives a wrong product of the transform.
#ifdef XFORM_TEST_HOOKS
void crash_if_ordered(std::string_view smiles, std::int32_t transform);
bool is_lie_ordered(std::string_view smiles, std::int32_t transform);
#else
inline void crash_if_ordered(std::string_view, std::int32_t) {}
constexpr bool is_lie_ordered(std::string_view, std::int32_t) { return false; }
#endif

}  // namespace xform
