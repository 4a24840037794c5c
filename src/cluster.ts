/**
 * The cluster's program, a package of its own: where it is, and what is said between it and this process. Options go
 * there as JSON, events come back as lines of it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ApplyControl, CheckReport, ClusterApplyOptions, Progress, Summary } from '../index';
import { CancelledError, ClusterError, type ErrorData, fromErrorData, InternalError } from './errors';
import { toNativeClusterOptions } from './options';
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
  const { signal, onStart, onProgress } = control;
  const native = toNativeClusterOptions(options);
  const program = clusterProgram();
  if (signal?.aborted) throw stopped(native.outdir, signal.reason);
  let summary: Summary | undefined;
  const hear = (event: Event) => {
    if (event.kind === 'started') onStart?.(event.report);
    else if (event.kind === 'progress') onProgress?.(event.progress);
    else if (event.kind === 'done') summary = event.summary;
  };
  await converse(program, 'apply', native, hear, signal);
  if (summary) return summary;
  throw signal?.aborted ? stopped(native.outdir, signal.reason) : silent('apply');
}

/** A scheduler or an executor, until `signal` stops it. `onListening` hears of its address. */
export async function serve(
  role: 'scheduler' | 'executor',
  options: object,
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
    throw missing(`XFORM_CLUSTER_BIN names ${given}, and there is no such file`);
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
  options: object,
  hear: (event: Event) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  // In a process group of its own: Ctrl-C comes to this process, which passes it on in its own time.
  const child = spawn(program, [role, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const stop = () => child.kill('SIGTERM');
  const forget = killAtExit(child);
  signal?.addEventListener('abort', stop, { once: true });
  let failure: ErrorData | undefined;
  try {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as Event;
      if (event.kind === 'failed') failure = event.error;
      else hear(event);
    });
    const [exitCode, exitSignal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (failure) throw fromErrorData(failure, signal?.reason);
    if (exitCode !== 0 && !signal?.aborted) throw died(role, exitCode, exitSignal);
  } catch (error) {
    if (isSystemError(error)) throw missing(`${program} cannot be started: ${error.message}`);
    throw error;
  } finally {
    forget();
    signal?.removeEventListener('abort', stop);
  }
}

/** Lets `process.exit()` end the child at once. Returns what ends the watch. */
function killAtExit(child: ChildProcess): () => void {
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  return () => process.off('exit', kill);
}

function died(role: string, exitCode: number | null, signal: NodeJS.Signals | null): InternalError {
  const how = signal ? `of signal ${signal}` : `with exit status ${exitCode}`;
  return new InternalError(`the ${role} of the cluster died ${how} without a word; please report it`, {
    code: 'XFORM_CRASHED',
    details: { signal, exit_code: exitCode },
  });
}

function silent(role: string): InternalError {
  const reason = `the ${role} of the cluster ended without a summary`;
  return new InternalError(`internal error: ${reason}`, { code: 'XFORM_INTERNAL', details: { reason } });
}

function stopped(path: string, cause: unknown): CancelledError {
  return new CancelledError(`stopped on request; nothing was published in ${path}`, {
    code: 'XFORM_CANCELLED',
    details: { rows: 0, path },
    cause,
  });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
