/** The exit status of each way in which the command can end, and its last messages. */
import { constants } from 'node:os';
import type { XformErrorCode } from '../../index';
import { CancelledError, XformError } from '../errors';
import type { StopSignal } from '../stop-signals';
import { printableJson, printableText } from './printable';

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** Done, but with more rejected rows than `--max-rejects`, or with only rejected rows. */
export const EXIT_REJECTS = 3;
export const EXIT_INTERRUPTED = 130;

const statusOfCode: Readonly<Record<XformErrorCode, number>> = {
  XFORM_INVALID_OPTION: EXIT_USAGE,
  XFORM_CONFIG_UNREADABLE: EXIT_USAGE,
  XFORM_CONFIG_INVALID: EXIT_USAGE,
  XFORM_UNKNOWN_TRANSFORM: EXIT_USAGE,
  XFORM_INVALID_SMIRKS: EXIT_USAGE,
  XFORM_INVALID_SMARTS: EXIT_USAGE,
  XFORM_INPUT_NOT_FOUND: EXIT_USAGE,
  XFORM_INPUT_UNREADABLE: EXIT_USAGE,
  XFORM_INPUT_COLUMN: EXIT_USAGE,
  XFORM_INPUT_CORRUPT: EXIT_FAILED,
  XFORM_INPUT_CHANGED: EXIT_FAILED,
  XFORM_INPUT_IN_OUTPUT: EXIT_USAGE,
  XFORM_OUTPUT_EXISTS: EXIT_USAGE,
  XFORM_OUTPUT_LOCKED: EXIT_USAGE,
  XFORM_RESUME_REFUSED: EXIT_USAGE,
  XFORM_OUTPUT_FAILED: EXIT_FAILED,
  XFORM_OUTPUT_DAMAGED: EXIT_FAILED,
  XFORM_OUTPUT_FULL: EXIT_FAILED,
  XFORM_SYSTEM_LIMIT: EXIT_FAILED,
  XFORM_CLUSTER_FAILED: EXIT_FAILED,
  XFORM_CANCELLED: EXIT_INTERRUPTED,
  XFORM_SHARD_UNFINISHED: EXIT_USAGE,
  XFORM_SHARD_DAMAGED: EXIT_USAGE,
  XFORM_SHARD_MISMATCH: EXIT_USAGE,
  XFORM_SHARD_REPEATED: EXIT_USAGE,
  XFORM_SHARD_MISSING: EXIT_USAGE,
  XFORM_RUNAWAYS: EXIT_FAILED,
  XFORM_INTERNAL: EXIT_FAILED,
  XFORM_NATIVE_LOAD: EXIT_FAILED,
  XFORM_CRASHED: EXIT_FAILED,
  XFORM_CLUSTER_MISSING: EXIT_FAILED,
};

/** The exit status that shells expect from a process that `signal` has ended. */
export function signalStatus(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

/** The reason of a cancelled run, which the command gives to its `AbortSignal`. */
export class StopRequest extends Error {
  constructor(readonly signal: StopSignal) {
    super(`received ${signal}`);
  }
}

export function exitStatus(error: unknown): number {
  if (error instanceof CancelledError && error.cause instanceof StopRequest) return signalStatus(error.cause.signal);
  return error instanceof XformError ? statusOfCode[error.code] : EXIT_FAILED;
}

/** Reports a failure: as text on stderr, and with `--json` also as an object on stdout. Sets the exit status. */
export function fail(error: unknown, asJson: boolean): void {
  // A stack trace helps only with unforeseen bugs.
  const message = error instanceof XformError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(printableText(`error: ${message}\n`));
  if (asJson) writeErrorObject(error);
  process.exitCode = exitStatus(error);
}

/** The failure as the object that `--json` promises. */
export function writeErrorObject(error: unknown): void {
  process.stdout.write(`${printableJson({ error: errorObject(error) })}\n`);
}

function errorObject(error: unknown): { code: XformErrorCode; message: string; details: unknown } {
  if (error instanceof XformError) {
    const { code, message, details } = error;
    return { code, message, details };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'XFORM_INTERNAL', message, details: { reason: message } };
}
