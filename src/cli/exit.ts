/** The exit status of each way in which the command can end, and its last messages. */
import { constants } from 'node:os';
import type { XformErrorCode } from '../../index';
import { CancelledError, EXIT_FAILED, EXIT_USAGE, errorCodes, XformError } from '../errors';
import type { StopSignal } from '../stop-signals';
import { messageText } from './message';
import { printableJson } from './printable';

export { EXIT_FAILED, EXIT_USAGE };
export const EXIT_DONE = 0;
/** Done, but with more rejected rows than `--max-rejects`, or with only rejected rows. */
export const EXIT_REJECTS = 3;
/** What a shell reports of a process that SIGPIPE has ended: the reader of standard output went away. */
export const EXIT_CUT_SHORT = 128 + constants.signals.SIGPIPE;

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
  return error instanceof XformError ? errorCodes[error.code][1] : EXIT_FAILED;
}

/** Reports a failure: as text on stderr, and with `--json` also as an object on stdout. Sets the exit status. */
export function fail(error: unknown, asJson: boolean): void {
  // A stack trace helps only with unforeseen bugs.
  const message = error instanceof XformError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(messageText(`error: ${message}`));
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
