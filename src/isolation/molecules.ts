/**
 * A few molecules with RDKit in a child process, which can be ended at any time.
 *
 * The child (`molecules-main.ts`) takes one molecule after the other and sends what came of it. If it dies, the first
 * molecule without a result was in hand: that one is rejected, and a new child takes those after it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { MoleculeResult, RejectCode } from '../../index';
import { pathOf } from '../bundle';
import { deathText, started } from '../child';
import { type ErrorData, fromErrorData, InternalError, noProcess, stoppedCall } from '../errors';
import type { NativeTransform } from '../native';
import { isFault } from './death';
import { silent } from './failures';
import { START_LIMIT_MS, Watch } from './watch';

export interface MoleculeTask {
  smiles: string[];
  transform: NativeTransform;
  /** The options that the core acts on, as JSON. */
  limits: string;
  /** CPU time that a molecule may take; 0 for no limit. */
  molTimeoutSeconds: number;
}

/** What the child says. */
export type FromMoleculeChild =
  | { kind: 'loaded' }
  | { kind: 'results'; results: MoleculeResult[] }
  | { kind: 'overdue' }
  | { kind: 'failed'; error: ErrorData }
  | { kind: 'done' };

/**
 * Works on `task` in a child, and in a new one whenever a molecule ends it. Ends when `signal` is aborted, or when a child
 * has said nothing for `startLimitMs` after its start.
 */
export async function superviseMolecules(
  task: MoleculeTask,
  signal: AbortSignal | undefined,
  startLimitMs = START_LIMIT_MS,
): Promise<MoleculeResult[]> {
  const results: MoleculeResult[] = [];
  for (;;) {
    const rest = { ...task, smiles: task.smiles.slice(results.length) };
    const code = await withPlace(() => work(rest, signal, startLimitMs, (more) => results.push(...more)));
    const guilty = task.smiles[results.length];
    if (guilty !== undefined && code) results.push(rejected(guilty, code));
    if (results.length >= task.smiles.length) return results;
  }
}

/** A child's work on `task`. Returns why it ended before the last molecule, if it did. */
async function work(
  task: MoleculeTask,
  signal: AbortSignal | undefined,
  startLimitMs: number,
  hear: (results: MoleculeResult[]) => void,
): Promise<keyof typeof reasons | undefined> {
  if (signal?.aborted) throw stoppedCall(signal.reason);

  const child = await start();
  const kill = () => child.kill('SIGKILL');
  let last: FromMoleculeChild | undefined;
  const watch = new Watch({ limitNanoseconds: 0, startLimitMs }, Number(child.pid), () => new Map(), kill);
  child.on('message', (message: FromMoleculeChild) => {
    watch.hasSpoken = true;
    last = message;
    if (message.kind === 'results') hear(message.results);
  });
  signal?.addEventListener('abort', kill, { once: true });
  try {
    // A child that is gone hears nothing; that it is gone shows in its end.
    child.send(task, () => {});
    if (signal?.aborted) kill();
    const [exitCode, exitSignal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (last?.kind === 'done') return undefined;
    if (last?.kind === 'failed') throw fromErrorData(last.error);
    if (signal?.aborted) throw stoppedCall(signal.reason);
    if (last?.kind === 'overdue') return 'timed_out';
    if (watch.isSilent) throw silent(startLimitMs);
    if (last && exitSignal && isFault(exitSignal)) return 'crashed';
    throw new InternalError(`the process that runs RDKit ${deathText(exitCode, exitSignal)}; please report it`, {
      code: 'XFORM_CRASHED',
      details: { signal: exitSignal, exit_code: exitCode },
    });
  } finally {
    watch.stop();
    signal?.removeEventListener('abort', kill);
  }
}

async function start() {
  const script = pathOf('isolation/molecules-main.js');
  try {
    return await started(spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  } catch (error) {
    throw noProcess(error);
  }
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
  } finally {
    const next = waiting.shift();
    if (next) next();
    else places++;
  }
}
