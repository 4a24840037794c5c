/**
 * The child of `supervisor.ts`: one task, and the process ends. The addon is loaded here and not in the parent, so
 * that whatever RDKit does to its process, this is the one.
 */
import type { CheckReport, Progress, Summary } from '../index';
import { toErrorData } from './errors';
import { type NativeApplyOptions, native } from './native';
import { stopSignals } from './stop-signals';
import type { FromChild, ToChild } from './supervisor';

/** A run that is asked to stop does so within a second, unless RDKit holds on to a molecule. */
const ORPHAN_LIFE_MS = 1_500;

// Terminals and batch systems send these to the parent and to this process; the parent decides what follows.
for (const signal of stopSignals) process.on(signal, () => {});

/** Asks what goes on to stop. */
let stop = () => {};

process.on('message', (message: ToChild) => {
  if (message.kind === 'cancel') stop();
  else work(message).then(end, (error: unknown) => end({ kind: 'failed', error: toErrorData(error) }));
});

process.on('disconnect', () => {
  stop();
  // Without its parent nobody watches the molecule in hand, nor hears how this ends.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHAN_LIFE_MS);
});

async function work(task: Exclude<ToChild, { kind: 'cancel' }>): Promise<FromChild> {
  if (task.kind === 'run') return { kind: 'done', summary: await run(task.options, task.report) };
  await native().tryRow(task.options, task.sourceRow, task.crashRecord);
  return { kind: 'survived' };
}

async function run(options: NativeApplyOptions, report: boolean): Promise<Summary> {
  const { Cancellation, apply, check } = native();
  const cancellation = new Cancellation();
  stop = () => cancellation.cancel();
  if (report) tell({ kind: 'started', report: JSON.parse(await check(options)) as CheckReport });
  const hear = (json: string) => tell({ kind: 'progress', progress: JSON.parse(json) as Progress });
  return JSON.parse(await apply(options, cancellation, hear)) as Summary;
}

/** The last word. Whatever is still there, a row that RDKit holds on to for example, ends with the process. */
function end(message: FromChild): void {
  tell(message, () => process.exit());
}

function tell(message: FromChild, then = () => {}): void {
  if (process.connected) process.send?.(message, then);
  else then();
}
