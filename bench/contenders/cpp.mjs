// Contenders in C++ on stock RDKit, with glibc's malloc and with mimalloc instead.
import { cppProgram } from '../lib/cpp.mjs';
import { preloadMimalloc } from '../lib/mimalloc.mjs';
import { programRun } from './program.mjs';

export function onBothAllocators({ key, title, program, set, isCounted = false }) {
  const contender = (allocator, preload) => ({
    key: `${key}-${allocator}`,
    title: `${title}, ${allocator}`,
    set,
    // The allocator hardly changes the counts, so only one is counted.
    isCounted: isCounted && allocator === 'glibc',
    prepare: async () => {
      const command = await cppProgram(program);
      const env = preload();
      return (job) => programRun(job, { command, kind: 'smi', env });
    },
  });
  return [contender('glibc', () => ({})), contender('mimalloc', preloadMimalloc)];
}
