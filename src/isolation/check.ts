/**
 * A check that tries molecules, with RDKit in a child process.
 *
 * The child reports what it finds out as it goes. If a molecule kills it, what was known by then is the result, with a
 * warning.
 */
import type { CheckReport, Expected } from '../../index';
import { isolatedCommand } from '../bundle';
import { type ChildPlan, converse, deathText, type Ending } from '../conversation';
import { fromErrorData, InternalError, internalError, noProcess, stoppedCall } from '../errors';
import type { Event } from '../events';
import { START_LIMIT_MS, STOP_GRACE_MS, silent } from './failures';
import type { CheckTask } from './tasks';

/** A check for a child. */
export type IsolatedCheck = Omit<CheckTask, 'kind'>;

/**
 * Checks in a child. Ends when `signal` is aborted.
 *
 * @throws what `check` throws; `XFORM_CRASHED` if the child dies before it tries a molecule.
 */
export async function superviseCheck(
  task: IsolatedCheck,
  signal: AbortSignal | undefined,
  command: ChildPlan['command'] = isolatedCommand(),
): Promise<CheckReport> {
  let report: CheckReport | undefined;
  let expected: Expected | null = null;
  const onEvent = (event: Event) => {
    if (event.kind === 'started') report = event.report;
    else if (event.kind === 'expected') expected = event.expected;
  };
  const plan: ChildPlan = {
    command,
    task: { ...task, kind: 'check' } satisfies CheckTask,
    signal,
    graceMs: STOP_GRACE_MS,
    startLimitMs: START_LIMIT_MS,
    onEvent,
  };
  const ending = await converse(plan).catch((error: unknown) => {
    throw noProcess(error);
  });
  if (ending.kind === 'checked') return ending.report;
  if (ending.kind !== 'ended' || report === undefined) throw failure(ending, signal);
  const warning =
    `the process that runs RDKit ${deathText(ending)} while the sample was tried; a run continues after such a molecule, ` +
    (expected === null ? 'but what to expect is not known' : 'and what is expected follows from the rows before it');
  return { ...report, expected, warnings: [...report.warnings, warning] };
}

function failure(ending: Ending, signal: AbortSignal | undefined): unknown {
  switch (ending.kind) {
    case 'failed':
      return fromErrorData(ending.error, signal?.reason);
    case 'stopped':
      return stoppedCall(signal?.reason);
    case 'silent':
      return silent(START_LIMIT_MS);
    case 'ended':
      return new InternalError(`the process that runs RDKit ${deathText(ending)}; please report it`, {
        code: 'XFORM_CRASHED',
        details: { signal: ending.signal, exit_code: ending.exitCode },
      });
    default:
      return internalError(`the isolated process answered ${ending.kind}`);
  }
}
