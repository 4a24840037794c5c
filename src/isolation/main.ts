/**
 * The program of an isolated child. It reads its task from standard input and reports events on standard output. Only this
 * process loads the addon, so a crash of RDKit does not affect the parent.
 *
 * The input ends when the parent asks the child to stop, or when the parent has died.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { MoleculeResult } from '../../index';
import { toErrorData } from '../errors';
import type { Event } from '../events';
import { native } from '../native';
import { stopSignals } from '../stop-signals';
import type { MoleculeTask, Supervision, Task } from './tasks';

/** A run stops within a second, unless RDKit is busy with a molecule. */
const ORPHAN_LIFE_MS = 1_500;
const WATCH_MS = 100;

// Terminals and batch systems send these signals to this process as well. The parent decides what to do.
for (const signal of stopSignals) process.on(signal, () => {});

/** Stops the current task. */
let stop = () => {};

report({ kind: 'ready' });

const input = createInterface({ input: process.stdin });
input.once('line', (line) => {
  // Ends threads that are still in RDKit as well.
  work(JSON.parse(line) as Task)
    .catch((error: unknown) => report({ kind: 'failed', error: toErrorData(error) }))
    .finally(() => process.exit());
});
input.once('close', () => {
  stop();
  // Nobody else would kill this process if RDKit never returns.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHAN_LIFE_MS);
});

async function work(task: Task): Promise<void> {
  if (task.kind === 'molecules') return transform(task);
  const { Cancellation, runSupervised, checkSupervised, judge } = native();
  const options = JSON.stringify(task.options);
  const cancellation = new Cancellation();
  stop = () => cancellation.cancel();
  if (task.kind === 'check') return checkSupervised(options, JSON.stringify(task.detail), cancellation);
  const supervision = JSON.stringify(sinceStart(task.supervision));
  if (task.kind === 'run') return runSupervised(options, cancellation, supervision);
  return judge(options, task.cause === 'killed' ? null : task.cause, supervision);
}

/** Adds the time since this process was started to the run's. */
function sinceStart({ predecessors, ...others }: Supervision): Supervision {
  const elapsed_seconds = predecessors.elapsed_seconds + process.uptime();
  return { ...others, predecessors: { ...predecessors, elapsed_seconds } };
}

async function transform({ smiles, transform, options, molTimeoutSeconds }: MoleculeTask): Promise<void> {
  const { Cancellation, transformSmiles } = native();
  report({ kind: 'begun' });
  // Even without a molecule, the transform is checked.
  const portions = smiles.length > 0 ? smiles.map((each) => [each]) : [[]];
  for (const portion of portions) {
    const watch = endWhenOverdue(molTimeoutSeconds);
    const json = await transformSmiles(portion, transform, options, new Cancellation());
    clearInterval(watch);
    report({ kind: 'results', results: JSON.parse(json) as MoleculeResult[] });
  }
}

/** Reports when the process has used this much more CPU time, and exits; 0 for no limit. */
function endWhenOverdue(seconds: number): NodeJS.Timeout | undefined {
  if (seconds === 0) return undefined;
  const before = process.cpuUsage();
  return setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1e6 <= seconds) return;
    report({ kind: 'overdue' });
    process.exit();
  }, WATCH_MS);
}

/** Does not use `process.stdout`, which would make the addon's writes to the same pipe non-blocking. */
function report(event: Event): void {
  try {
    writeSync(1, `${JSON.stringify(event)}\n`);
  } catch {
    // The parent has died.
  }
}
