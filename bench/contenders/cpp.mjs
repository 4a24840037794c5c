// Contenders in C++ on stock RDKit, with glibc's malloc and with mimalloc in its place.
import { cppProgram } from '../lib/cpp.mjs';
import { preloadMimalloc } from '../lib/mimalloc.mjs';
import { programRun } from './program.mjs';

export function onBothAllocators({ key, title, program, set, isCounted = false }) {
  const contender = (allocator, preload) => ({
    key: `${key}-${allocator}`,
    title: `${title}, ${allocator}`,
    set,
    // Which allocator makes no difference that is worth the time.
    isCounted: isCounted && allocator === 'glibc',
    prepare: async () => {
      const command = await cppProgram(program);
      const env = preload();
      return (job) => programRun(job, { command, kind: 'smi', env });
    },
  });
  return [contender('glibc', () => ({})), contender('mimalloc', preloadMimalloc)];
}
