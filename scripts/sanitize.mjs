// Runs the tests of the bridge and the kernel under the address sanitizer, with leaks, and the undefined-behaviour
// sanitizer. RDKit is linked without instrumentation: its own faults show only when they reach memory that was passed
// to it, or the allocator.
//
//     npm run test:sanitize
import { join } from 'node:path';
import { cargoEnvironment, host } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { capture, Failure, main, run } from './lib/run.mjs';
import { ADDON_TOOLS, needNightly, needTools } from './lib/tools.mjs';

const PACKAGES = ['xform-rdkit-sys', 'xform-rdkit'];

const SKIPPED = [
  // Under the address sanitizer a process ends when memory runs out, and reserves terabytes of addresses from the start.
  'an_allocation_that_fails_is_an_error',
  'a_row_that_runs_out_of_memory_is_a_record',
  // RDKit's SMARTS parser leaks what it has read of an invalid text (fuzz/src/leaks.rs).
  'a_pattern_that_does_not_parse_is_explained',
  'a_pattern_that_does_not_parse_says_where',
];

/** The names in {@link SKIPPED} that no test has any more. */
function staleNames() {
  return SKIPPED.filter((name) => !capture('git', ['-C', root, 'grep', '-l', `fn ${name}()`, '--', 'crate']));
}

await main(async () => {
  const stale = staleNames();
  if (stale.length > 0) throw new Failure(`sanitizers: no test is called ${stale.join(', ')}; remove it from SKIPPED`);
  await needNightly();
  await needTools(ADDON_TOOLS);
  const env = {
    ...(await cargoEnvironment()),
    CARGO_TARGET_DIR: join(root, 'target', 'sanitize'),
    CARGO_PROFILE_DEV_DEBUG: 'line-tables-only',
    RUSTFLAGS: '-Zsanitizer=address', // build.rs does the same for C++
    ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1',
    UBSAN_OPTIONS: 'print_stacktrace=1',
    ASAN_SYMBOLIZER_PATH: '/usr/bin/addr2line',
  };
  const packages = PACKAGES.flatMap((name) => ['-p', name]);
  const skipped = SKIPPED.flatMap((name) => ['--skip', name]);
  const args = [
    '+nightly',
    'test',
    '--target',
    host(),
    '--no-default-features',
    ...packages,
    '--lib',
    '--tests',
    '--no-fail-fast',
  ];
  const status = await run('cargo', [...args, '--', ...skipped], { cwd: root, env });
  if (status !== 0) throw new Failure('sanitizers: see above');
  console.log('sanitizers: nothing found');
});
