/**
 * The cluster's program, a package of its own: where it is, and what is said between it and this process. Options go
 * there as JSON, events come back as lines of it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ApplyControl, CheckReport, ClusterApplyOptions, Progress, Summary } from '../index';
import { listening } from './apply';
import { deathText, started } from './child';
import {
  ClusterError,
  cancelled,
  cancelledBefore,
  type ErrorData,
  fromErrorData,
  InternalError,
  internalError,
  isSystemError,
  systemLimit,
} from './errors';
import { checkControl, toClusterOptions } from './options/arguments';
import { shownPath } from './paths';
import { version } from './version';

const PACKAGE = '@xform-native/cluster';
const PROGRAM = 'xform-cluster';

/** What the program says. */
type Event =
  | { kind: 'listening'; address: string }
  | { kind: 'started'; report: CheckReport }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'done'; summary: Summary }
  | { kind: 'failed'; error: ErrorData };

/** A run on a cluster; see `index.d.ts`. */
export async function clusterApply(options: ClusterApplyOptions, control: ApplyControl = {}): Promise<Summary> {
  const runOptions = toClusterOptions(options);
  checkControl(control);
  const { signal } = control;
  const outdir = shownPath(runOptions.outdir);
  const program = clusterProgram();
  if (signal?.aborted) throw cancelledBefore(outdir, signal.reason);

  return listening(control, async ({ onStart, onProgress }) => {
    let summary: Summary | undefined;
    const hear = (event: Event) => {
      if (event.kind === 'started') onStart?.(event.report);
      else if (event.kind === 'progress') onProgress?.(event.progress);
      else if (event.kind === 'done') summary = event.summary;
    };
    await converse(program, 'apply', JSON.stringify(runOptions), hear, signal);
    if (summary) return summary;
    if (signal?.aborted) {
      throw cancelled(`before its end; nothing was published in ${outdir}`, 0, outdir, signal.reason);
    }
    throw internalError('the apply of the cluster ended without a summary');
  });
}

/**
 * Runs a scheduler or an executor with `options`, a JSON text, until `signal` stops it. `onListening` receives its
 * address.
 */
export async function serve(
  role: 'scheduler' | 'executor',
  options: string,
  onListening: (address: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const hear = (event: Event) => {
    if (event.kind === 'listening') onListening(event.address);
  };
  await converse(clusterProgram(), role, options, hear, signal);
}

/**
 * Where the program is: what `XFORM_CLUSTER_BIN` names, what this checkout has built, or the package.
 *
 * @throws {ClusterError} it is nowhere, or of another version.
 */
export function clusterProgram(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['XFORM_CLUSTER_BIN'];
  if (given) {
    if (existsSync(given)) return given;
    throw missing(`XFORM_CLUSTER_BIN names ${given}, which does not exist`);
  }
  const built = join(__dirname, '..', 'native', PROGRAM);
  if (existsSync(built)) return built;
  return packagedProgram();
}

function packagedProgram(): string {
  let manifest: string;
  try {
    manifest = require.resolve(`${PACKAGE}/package.json`);
  } catch {
    throw missing(
      `a cluster takes the package ${PACKAGE}, which is not installed: npm install ${PACKAGE}@${version} ` +
        '(Linux on x86-64 with glibc). In a checkout: npm run build:cluster',
    );
  }
  const found = (require(manifest) as { version: string }).version;
  if (found !== version) {
    throw missing(`${PACKAGE} ${found} does not fit xform-native ${version}: npm install ${PACKAGE}@${version}`);
  }
  return join(dirname(manifest), PROGRAM);
}

function missing(reason: string): ClusterError {
  return new ClusterError(reason, { code: 'XFORM_CLUSTER_MISSING', details: { package: PACKAGE, version } });
}

/** Starts the program, hears it to its end, and throws what it has failed with. */
async function converse(
  program: string,
  role: string,
  options: string,
  hear: (event: Event) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const child = await start(program, [role, options]);
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  let failure: ErrorData | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parseEvent(line);
    if (event?.kind === 'failed') failure = event.error;
    else if (event) hear(event);
  });
  try {
    const [exitCode, exitSignal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (failure) throw fromErrorData(failure, signal?.reason);
    if (exitCode !== 0 && !signal?.aborted) throw died(role, exitCode, exitSignal);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function start(program: string, args: readonly string[]) {
  try {
    // In a process group of its own: Ctrl-C comes to this process, which passes it on in its own time.
    return await started(spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true }));
  } catch (error) {
    throw isSystemError(error)
      ? (systemLimit(`start ${program}`, error) ?? missing(`${program} cannot be started: ${error.message}`))
      : error;
  }
}

/** What a line says. One that broke off says nothing; that the program died over it shows in its end. */
function parseEvent(line: string): Event | null {
  try {
    return JSON.parse(line) as Event | null;
  } catch {
    return null;
  }
}

function died(role: string, exitCode: number | null, signal: NodeJS.Signals | null): InternalError {
  const how = deathText(exitCode, signal);
  return new InternalError(`the ${role} of the cluster ${how} and reported no error; please report it`, {
    code: 'XFORM_CRASHED',
    details: { signal, exit_code: exitCode },
  });
}
