// GCC's -fsanitize-coverage=trace-pc calls this function at each block. libFuzzer no longer provides it, but it does
// read counters from a section of this name. Blocks that share a counter hide one another; the kernel has about 20,000
// blocks.
#include <stdint.h>

#define COUNTERS (1 << 16)

__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[COUNTERS];

void __sanitizer_cov_trace_pc(void) {
  // Relative to the program, which is loaded at a different address in each run.
  const uintptr_t block = (uintptr_t)__builtin_return_address(0) - (uintptr_t)&__sanitizer_cov_trace_pc;
  counters[block % COUNTERS]++;
}
