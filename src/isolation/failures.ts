/** Why an isolated run ends without a result, in words. */
import { deathText } from '../conversation';
import { InternalError, SystemError } from '../errors';
import type { Death } from './death';
import { processLimits } from './process-limits';
import type { RowsInHand, Stall } from './stall';

/** How far a run had come, and where. */
export interface Reached {
  rows: number;
  path: string;
}

const MEMORY_ADVICE = 'lower --workers or --target-memory';

/**
 * A child takes about 50 ms to report its first event, but many seconds on a slow network file system or without free
 * memory.
 */
export const START_LIMIT_MS = 60_000;

/** How long a child may take to stop. RDKit may be busy with a molecule, and committed work is safe. */
export const STOP_GRACE_MS = 800;

/** A child that has reported nothing for this long after its start. */
export function silent(startLimitMs: number): SystemError {
  const [action, reason] = ['start a process for RDKit', `it did not answer within ${startLimitMs / 1000} s`];
  const limits = processLimits();
  const found = limits === '' ? '' : ` (limits here: ${limits})`;
  const message = `cannot ${action}: ${reason}${found}; raise the limits on processes, threads and memory, or use --no-isolate`;
  return new SystemError(message, { code: 'XFORM_SYSTEM_LIMIT', details: { action, reason, limits } });
}

/** A child that dies at once, so that none of its molecules can be to blame. */
export function crashedAtStart(death: Death, reached: Reached): InternalError {
  const limits = processLimits();
  const advice = limits === '' ? 'please report it' : `raise its limits (${limits}), or else report it`;
  return crashed(`${deathText(death)} before the first molecule; ${advice}`, death, reached);
}

/** A run that dies again and again, gets no further, and has no molecule to blame for it. */
export function stalled({ reasons, count, commonRows }: Stall, last: Death, reached: Reached): InternalError {
  const how = Object.entries(reasons).map(([reason, times]) => `${reason} ${times}x`);
  const message =
    `died ${count} times (${how.join(', ')}) without a commit in between, after ${reached.rows} rows, ` +
    `and no molecule is known to do that alone; ${advice(reasons)}run again with --resume${wayRound(commonRows)}`;
  const { rows, knownFile } = commonRows;
  const details = {
    deaths: reasons,
    rows_in_hand: rows,
    ...(knownFile === undefined ? {} : { known_file: knownFile }),
  };
  return crashed(message, last, reached, details);
}

function wayRound({ rows, knownFile }: RowsInHand): string {
  if (rows.length === 0) return '';
  if (knownFile !== undefined) {
    return `; it was working most often on rows ${rows.join(',')} of ${knownFile} (--exclude), counted from 0`;
  }
  return `, and with --skip-rows ${rows.join(',')} to leave out the rows that it was working on most often`;
}

function advice(reasons: Record<string, number>): string {
  if (reasons['out_of_memory']) return `memory ran out: ${MEMORY_ADVICE}; `;
  return reasons['SIGKILL'] ? `a SIGKILL mostly means that memory ran out: ${MEMORY_ADVICE}; ` : '';
}

function crashed(how: string, { signal, exitCode }: Death, reached: Reached, more: object = {}): InternalError {
  return new InternalError(`the process that runs RDKit ${how}`, {
    code: 'XFORM_CRASHED',
    details: { signal, exit_code: exitCode, ...reached, ...more },
  });
}
