/** One child on one task, from its start to its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { started } from '../child';
import { noProcess } from '../errors';
import { causeOf, type Death } from './death';
import type { FromChild, LastWord, Task, ToChild } from './messages';
import type { OomWatch } from './oom-kills';
import { Watch, type WatchLimits } from './watch';
import { type CrashRecord, readRecords } from './work-folder';

/** Program and arguments of the child. */
export type ChildCommand = readonly [program: string, ...args: string[]];

/** What all children of a run have in common. */
export interface ChildPlan extends WatchLimits {
  command: ChildCommand;
  /** Folder of the crash records. */
  inHand: string;
  watchOomKills: (pid: number) => OomWatch;
  /** Ends the child, `graceMs` after asking it to stop. */
  signal: AbortSignal | undefined;
  /** Hears all but the first and the last word. */
  hear(message: Exclude<FromChild, { kind: 'ready' } | LastWord>): void;
}

/** The child was ended because `signal` was aborted, or because it said nothing. */
export interface Ended {
  kind: 'stopped' | 'silent';
}

export type Ending = LastWord | Death | Ended;

/**
 * Starts a child on `task` and waits for its end.
 *
 * @throws the system's error if it cannot be started or watched.
 */
export async function runChild(plan: ChildPlan, task: Task, graceMs: number): Promise<Ending> {
  const { signal } = plan;
  if (signal?.aborted) return { kind: 'stopped' };

  const before = readRecords(plan.inHand);
  const child = await start(plan.command);
  const hasOomKill = plan.watchOomKills(Number(child.pid));
  // A child that is gone hears nothing; that it is gone shows in its end.
  const tell = (message: ToChild) => child.send(message, () => {});
  const kill = () => child.kill('SIGKILL');
  const watch = new Watch(plan, Number(child.pid), () => freshRecords(readRecords(plan.inHand), before), kill);
  let lastWord: LastWord | undefined;
  let grace: NodeJS.Timeout | undefined;
  const stop = () => {
    tell({ kind: 'cancel' });
    grace = setTimeout(kill, graceMs);
  };
  child.on('message', (message: FromChild) => {
    watch.hasSpoken = true;
    if (message.kind === 'started' || message.kind === 'progress') plan.hear(message);
    else if (message.kind !== 'ready') lastWord = message;
  });
  signal?.addEventListener('abort', stop, { once: true });
  try {
    tell(task);
    if (signal?.aborted) stop();
    // Unlike `exit`, this comes when the last message has been heard.
    const [exitCode, exitSignal] = await once(child, 'close');
    if (lastWord) return lastWord;
    if (signal?.aborted) return { kind: 'stopped' };
    if (watch.failure) throw watch.failure;
    if (watch.isSilent) return { kind: 'silent' };
    const found = freshRecords(readRecords(plan.inHand), before);
    const inHand = watch.overdue ? stillInHand(watch.overdue, found) : [...found.values()];
    const cause = watch.overdue ? 'timed_out' : causeOf(exitSignal, hasOomKill);
    return { kind: 'died', cause, exitCode, signal: exitSignal, hasBegun: found.size > 0, inHand };
  } finally {
    watch.stop();
    clearTimeout(grace);
    signal?.removeEventListener('abort', stop);
  }
}

async function start([program, ...args]: ChildCommand): Promise<ChildProcess> {
  try {
    return await started(spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  } catch (error) {
    throw noProcess(error);
  }
}

/** The records of `now` that are not what an earlier process has left. */
function freshRecords(
  now: ReadonlyMap<string, CrashRecord>,
  before: ReadonlyMap<string, CrashRecord>,
): Map<string, CrashRecord> {
  return new Map([...now].filter(([name, record]) => !isDeepStrictEqual(record, before.get(name))));
}

/** Of the rows that were `overdue`, those that the killed child had not finished after all. */
function stillInHand(overdue: ReadonlyMap<string, CrashRecord>, now: ReadonlyMap<string, CrashRecord>): CrashRecord[] {
  return [...now]
    .filter(([name, { sourceRow, cpuNanoseconds }]) => {
      const then = overdue.get(name);
      return then?.sourceRow === sourceRow && then.cpuNanoseconds === cpuNanoseconds;
    })
    .map(([, record]) => record);
}
