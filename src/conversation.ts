/** Child processes: the only code that starts one, reads its events, asks it to stop and finds out how it ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Event, isLastWord, type LastWord, parseEvent } from './events';

/** Program and arguments of a child. */
export type ChildCommand = readonly [program: string, ...args: string[]];

export interface ChildPlan {
  command: ChildCommand;
  /**
   * Written to the child's standard input, as one line of JSON. When the input ends, the child stops; so it does when this
   * process dies. A child without a task has no input and is stopped by SIGTERM. It is in its own process group, so that
   * Ctrl-C reaches only this process.
   */
  task?: object;
  /** Asks the child to stop. */
  signal: AbortSignal | undefined;
  /** How long a child may take to exit after a request to stop, or after its last event, until it is killed. Default: for ever. */
  graceMs?: number;
  /** How long a child may take to report its first event, until it is killed. Default: for ever. */
  startLimitMs?: number;
  /** Receives all events except the last. */
  onEvent(event: Exclude<Event, LastWord>): void;
}

/** How a child ended that reported no last event. */
export type Ended =
  /** It was asked to stop. */
  | { kind: 'stopped' }
  /** It was killed because it had not reported anything. */
  | { kind: 'silent' }
  | Exit;

/** It exited, or died of a signal. */
export interface Exit {
  kind: 'ended';
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

export type Ending = LastWord | Ended;

const TICK_MS = 250;

/**
 * Starts a child and follows it until it ends.
 *
 * @throws the system's error if it cannot be started.
 */
export async function converse(plan: ChildPlan): Promise<Ending> {
  const { command, task, signal, graceMs, startLimitMs = Number.POSITIVE_INFINITY } = plan;
  if (signal?.aborted) return { kind: 'stopped' };

  const [program, ...args] = command;
  const stdio = [task ? 'pipe' : 'ignore', 'pipe', 'inherit'] as const;
  const child = await started(spawn(program, args, { stdio: [...stdio], detached: !task }));
  const kill = () => child.kill('SIGKILL');
  let lastWord: LastWord | undefined;
  let grace: NodeJS.Timeout | undefined;
  const killSoon = () => {
    if (graceMs !== undefined) grace ??= setTimeout(kill, graceMs);
  };
  const stop = () => {
    if (task) child.stdin?.end();
    else child.kill('SIGTERM');
    killSoon();
  };
  // Counted in ticks: while this process is stopped, the child may be stopped too.
  let silentMs = 0;
  const silence = setInterval(() => {
    silentMs += TICK_MS;
    if (silentMs > startLimitMs) kill();
  }, TICK_MS);
  createInterface({ input: child.stdout as Readable }).on('line', (line) => {
    const event = parseEvent(line);
    if (!event) return;
    clearInterval(silence);
    if (!isLastWord(event)) return plan.onEvent(event);
    lastWord ??= event;
    if (event.kind === 'overdue') kill();
    else killSoon();
  });
  // A dead child reads nothing. That it is dead shows when it is closed.
  child.stdin?.on('error', () => {}).write(`${JSON.stringify(task)}\n`);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (signal?.aborted) stop();
    // Unlike `exit`, this comes after the last line.
    const [exitCode, exitSignal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (lastWord) return lastWord;
    if (signal?.aborted) return { kind: 'stopped' };
    if (silentMs > startLimitMs) return { kind: 'silent' };
    return { kind: 'ended', exitCode, signal: exitSignal };
  } finally {
    clearInterval(silence);
    clearTimeout(grace);
    signal?.removeEventListener('abort', stop);
  }
}

/** How a child died, for messages. */
export function deathText({ exitCode, signal }: Omit<Exit, 'kind'>): string {
  return signal ? `died of signal ${signal}` : `died with exit status ${exitCode}`;
}

const children = new Set<ChildProcess>();
const killAll = () => {
  for (const child of children) child.kill('SIGKILL');
};

/**
 * Waits until the child runs. If the system cannot start it, the child has no streams, and only an event shows that. If this
 * process exits, all its children are killed.
 */
async function started(child: ChildProcess): Promise<ChildProcess> {
  await once(child, 'spawn');
  if (children.size === 0) process.on('exit', killAll);
  children.add(child);
  child.once('exit', () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', killAll);
  });
  return child;
}
