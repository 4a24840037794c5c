// Pins a command to as many cores as it has workers.
import { availableParallelism } from 'node:os';
import { capture } from '../../scripts/lib/run.mjs';

/** The words to put before a command; none if taskset is missing. */
export function pinning(workers) {
  const cores = `0-${Math.min(workers, availableParallelism()) - 1}`;
  return capture('taskset', ['-c', cores, 'true']) === null ? [] : ['taskset', '-c', cores];
}
