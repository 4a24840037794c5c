/**
 * A few molecules with RDKit in a child process, which can be ended at any time.
 *
 * The child (`main.ts`) processes one molecule after the other and reports each result. If it dies, it was processing
 * the first molecule without a result: that one is rejected, and a new child processes those after it.
 */
import { availableParallelism } from 'node:os';
import type { MoleculeResult, RejectCode } from '../../index';
import { isolatedCommand } from '../bundle';
import { converse, deathText, type Ending } from '../conversation';
import { fromErrorData, InternalError, internalError, noProcess, stoppedCall } from '../errors';
import type { Event } from '../events';
import { isFault } from './death';
import { START_LIMIT_MS, silent } from './failures';
import type { MoleculeTask } from './tasks';

/**
 * Works on `task` in a child, and in a new one whenever a molecule ends it. Ends when `signal` is aborted, or when a
 * child has reported nothing for `startLimitMs` after its start.
 */
export async function superviseMolecules(
  task: Omit<MoleculeTask, 'kind'>,
  signal: AbortSignal | undefined,
  startLimitMs = START_LIMIT_MS,
): Promise<MoleculeResult[]> {
  const results: MoleculeResult[] = [];
  const command = isolatedCommand();
  for (;;) {
    const rest: MoleculeTask = { ...task, kind: 'molecules', smiles: task.smiles.slice(results.length) };
    let hasBegun = false;
    const onEvent = (event: Event) => {
      if (event.kind === 'begun') hasBegun = true;
      else if (event.kind === 'results') results.push(...event.results);
    };
    const ending = await withPlace(() => converse({ command, task: rest, signal, graceMs: 0, startLimitMs, onEvent }));
    const guilty = task.smiles[results.length];
    if (guilty === undefined && ending.kind === 'ended' && ending.exitCode === 0) return results;
    if (ending.kind === 'silent') throw silent(startLimitMs);
    const code = codeOf(ending, hasBegun, signal);
    if (guilty !== undefined) results.push(rejected(guilty, code));
    if (results.length >= task.smiles.length) return results;
  }
}

/** The reject code of the molecule that a child was processing when it ended. */
function codeOf(ending: Ending, hasBegun: boolean, signal: AbortSignal | undefined): keyof typeof reasons {
  if (ending.kind === 'overdue') return 'timed_out';
  if (ending.kind === 'failed') throw fromErrorData(ending.error);
  if (ending.kind === 'stopped') throw stoppedCall(signal?.reason);
  if (ending.kind !== 'ended') throw internalError(`the process that runs RDKit answered ${ending.kind}`);
  if (hasBegun && ending.signal && isFault(ending.signal)) return 'crashed';
  throw new InternalError(`the process that runs RDKit ${deathText(ending)}; please report it`, {
    code: 'XFORM_CRASHED',
    details: { signal: ending.signal, exit_code: ending.exitCode },
  });
}

const reasons = {
  crashed: 'the process that ran RDKit crashed at this molecule',
  timed_out: 'took more CPU time than molTimeout',
} as const satisfies Partial<Record<RejectCode, string>>;

function rejected(smiles: string, code: keyof typeof reasons): MoleculeResult {
  const reject = { xf_site_index: null, stage: 'reaction' as const, code, reason: reasons[code] };
  return { source_smiles: smiles, outcome: 'rejected', products: [], rejects: [reject] };
}

/** Children that may still be started, and calls that wait until they may. */
let places = availableParallelism();
const waiting: (() => void)[] = [];

async function withPlace<T>(use: () => Promise<T>): Promise<T> {
  if (places > 0) places--;
  else await new Promise<void>((given) => waiting.push(given));
  try {
    return await use();
  } catch (error) {
    throw noProcess(error);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else places++;
  }
}
