/** How a child died, and whether a row can have caused it. */
import type { Ending, Exit } from '../conversation';

/**
 * - `crashed`: the child raised the signal itself, or exited. A row may be to blame.
 * - `killed`: the signal came from outside. No row is to blame.
 * - `out_of_memory`: the kernel killed the child because memory ran out. A row is to blame if that happens twice while the
 *   row is tried alone.
 * - `timed_out`: the child was killed because a row took too long.
 */
export type Cause = 'crashed' | 'killed' | 'out_of_memory' | 'timed_out';

export interface Death {
  cause: Cause;
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** The death, if the child died. */
export function deathOf(ending: Ending, hasOomKill: () => boolean): Death | undefined {
  if (ending.kind === 'overdue') return { cause: 'timed_out', exitCode: null, signal: 'SIGKILL' };
  if (ending.kind !== 'ended') return undefined;
  return { cause: causeOf(ending, hasOomKill), exitCode: ending.exitCode, signal: ending.signal };
}

function causeOf({ signal }: Exit, hasOomKill: () => boolean): Cause {
  if (signal === null || isFault(signal)) return 'crashed';
  return signal === 'SIGKILL' && hasOomKill() ? 'out_of_memory' : 'killed';
}

const faultSignals: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
]);

/** Whether it is the fault of a process itself that raises `signal`. Any other one comes from outside. */
export function isFault(signal: NodeJS.Signals): boolean {
  return faultSignals.has(signal);
}

/** A short name for how the child died. */
export function reasonOf({ cause, exitCode, signal }: Death): string {
  if (cause === 'timed_out' || cause === 'out_of_memory') return cause;
  return signal ?? `exit_${exitCode}`;
}

/** How often each reason occurs. */
export function countReasons(reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
