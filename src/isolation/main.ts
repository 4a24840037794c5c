/**
 * The child of a supervisor: one task, and the process ends. The addon is loaded here and not in the parent, so
 * that whatever RDKit does to its process, this is the one.
 */
import type { CheckReport, Progress, Summary } from '../../index';
import { toErrorData } from '../errors';
import { native } from '../native';
import { stopSignals } from '../stop-signals';
import type { FromChild, LastWord, Task, ToChild } from './messages';

/** A run that is asked to stop does so within a second, unless RDKit holds on to a molecule. */
const ORPHAN_LIFE_MS = 1_500;

// Terminals and batch systems send these to the parent and to this process; the parent decides what follows.
for (const signal of stopSignals) process.on(signal, () => {});

/** Asks what goes on to stop. */
let stop = () => {};

tell({ kind: 'ready' });

process.on('message', (message: ToChild) => {
  if (message.kind === 'cancel') stop();
  else work(message).then(end, (error: unknown) => end({ kind: 'failed', error: toErrorData(error) }));
});

process.on('disconnect', () => {
  stop();
  // Without its parent nobody watches the molecule in hand, nor hears how this ends.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHAN_LIFE_MS);
});

async function work(task: Task): Promise<LastWord> {
  if (task.kind === 'run') return { kind: 'done', summary: await run(task) };
  await native().tryRow(JSON.stringify(task.options), task.sourceRow, task.crashRecord);
  return { kind: 'survived' };
}

async function run({ options, report, predecessors }: Extract<Task, { kind: 'run' }>): Promise<Summary> {
  const { Cancellation, apply, check } = native();
  const cancellation = new Cancellation();
  const json = JSON.stringify(options);
  stop = () => cancellation.cancel();
  if (report) tell({ kind: 'started', report: JSON.parse(await check(json)) as CheckReport });
  const hear = (json: string) => tell({ kind: 'progress', progress: JSON.parse(json) as Progress });
  // The time since this process was started is the run's as well.
  const before = predecessors && {
    ...predecessors,
    elapsed_seconds: predecessors.elapsed_seconds + process.uptime(),
  };
  return JSON.parse(await apply(json, cancellation, hear, before && JSON.stringify(before))) as Summary;
}

/** The last word. Whatever is still there, a row that RDKit holds on to for example, ends with the process. */
function end(message: LastWord): void {
  tell(message, () => process.exit());
}

function tell(message: FromChild, then = () => {}): void {
  if (process.connected) process.send?.(message, then);
  else then();
}
