/** The cluster's program, which is a separate package: finds it and sends it requests. Options are passed as JSON. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApplyControl, ClusterApplyOptions, Summary } from '../index';
import { listening } from './apply';
import { converse, deathText, type Ending, type Exit } from './conversation';
import {
  ClusterError,
  cancelled,
  cancelledBefore,
  fromErrorData,
  InternalError,
  internalError,
  isSystemError,
  systemLimit,
} from './errors';
import type { Event } from './events';
import { checkControl, toClusterOptions } from './options/arguments';
import { shownPath } from './paths';
import { version } from './version';

const PACKAGE = '@xform-native/cluster';
const PROGRAM = 'xform-cluster';

/** A run on a cluster; see `index.d.ts`. */
export async function clusterApply(options: ClusterApplyOptions, control: ApplyControl = {}): Promise<Summary> {
  const runOptions = toClusterOptions(options);
  checkControl(control);
  const { signal } = control;
  const outdir = shownPath(runOptions.outdir);
  const program = clusterProgram();
  if (signal?.aborted) throw cancelledBefore(outdir, signal.reason);

  return listening(control, async ({ onStart, onProgress }) => {
    const onEvent = (event: Event) => {
      if (event.kind === 'started') onStart?.(event.report);
      else if (event.kind === 'progress') onProgress?.(event.progress);
    };
    const ending = await ask(program, 'apply', JSON.stringify(runOptions), onEvent, signal);
    if (ending.kind === 'done') return ending.summary;
    if (ending.kind === 'stopped') {
      throw cancelled(`before its end; nothing was published in ${outdir}`, 0, outdir, signal?.reason);
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
  const onEvent = (event: Event) => {
    if (event.kind === 'listening') onListening(event.address);
  };
  await ask(clusterProgram(), role, options, onEvent, signal);
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
      `a cluster requires the package ${PACKAGE}, which is not installed; run npm install ${PACKAGE}@${version} ` +
        '(Linux on x86-64 with glibc). In a checkout: npm run build:cluster',
    );
  }
  const found = (require(manifest) as { version: string }).version;
  if (found !== version) {
    throw missing(
      `${PACKAGE} ${found} is not compatible with xform-native ${version}; run npm install ${PACKAGE}@${version}`,
    );
  }
  return join(dirname(manifest), PROGRAM);
}

function missing(reason: string): ClusterError {
  return new ClusterError(reason, { code: 'XFORM_CLUSTER_MISSING', details: { package: PACKAGE, version } });
}

/** Runs the program to its end; throws the error that it reports. */
async function ask(
  program: string,
  role: string,
  options: string,
  onEvent: (event: Event) => void,
  signal: AbortSignal | undefined,
): Promise<Ending> {
  const ending = await converse({ command: [program, role, options], signal, onEvent }).catch((error) => {
    throw noProgram(program, error);
  });
  if (ending.kind === 'failed') throw fromErrorData(ending.error, signal?.reason);
  if (ending.kind === 'ended' && ending.exitCode !== 0) throw died(role, ending);
  return ending;
}

function noProgram(program: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return systemLimit(`start ${program}`, error) ?? missing(`${program} cannot be started: ${error.message}`);
}

function died(role: string, exit: Exit): InternalError {
  return new InternalError(`the ${role} of the cluster ${deathText(exit)} without a word; please report it`, {
    code: 'XFORM_CRASHED',
    details: { signal: exit.signal, exit_code: exit.exitCode },
  });
}
