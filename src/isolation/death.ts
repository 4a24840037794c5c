/** How a child ended without its last word, and what that says about the molecules that it had in hand. */
import type { CrashRecord } from './work-folder';

/**
 * - `crashed`: it brought its end upon itself. Some molecule may be to blame.
 * - `killed`: somebody else ended it. No molecule is to blame.
 * - `out_of_memory`: the kernel ended it because memory ran out. A molecule is to blame if that happens again when it is
 *   tried alone.
 * - `timed_out`: its supervisor ended it for rows that took too long.
 */
export type Cause = 'crashed' | 'killed' | 'out_of_memory' | 'timed_out';

export interface Death {
  kind: 'died';
  cause: Cause;
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Whether it had workers: before that, it has not touched what an earlier run has left. */
  hasBegun: boolean;
  /** What its workers had in hand; of a child that timed out, the rows that took too long. */
  inHand: CrashRecord[];
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

/** The cause of an end that its supervisor did not bring about. */
export function causeOf(signal: NodeJS.Signals | null, hasOomKill: () => boolean): Cause {
  if (signal === null || isFault(signal)) return 'crashed';
  return signal === 'SIGKILL' && hasOomKill() ? 'out_of_memory' : 'killed';
}

/** A short name for how the child ended. */
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
