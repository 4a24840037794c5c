/**
 * The errors of the public API. The core decides code, message and details; this file gives each code its class.
 *
 * `instanceof` would not recognise an error of another realm: Jest and `vmThreads` of vitest give each test file its
 * own globals, while the addon and Node's modules throw errors of the process.
 */
import { inspect, types } from 'node:util';
import type { XformErrorCode, XformErrorInit } from '../index';
import { camelCase, respelled, spelled } from './options/spelling';

export class XformError extends Error {
  readonly code: XformErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, { code, details = {}, cause }: XformErrorInit) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

export class OptionError extends XformError {}
export class ConfigError extends XformError {}
export class InputError extends XformError {}
export class OutputError extends XformError {}
export class SystemError extends XformError {}
export class ClusterError extends XformError {}
export class CancelledError extends XformError {}
export class RunawayError extends XformError {}
export class InternalError extends XformError {}
export class NativeLoadError extends XformError {}

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_INTERRUPTED = 130;

/**
 * Every code with its class and the command's exit status. All codes except the last three, which arise here, are the
 * core's (`Error::CODES`).
 */
export const errorCodes: Readonly<Record<XformErrorCode, readonly [Class: typeof XformError, exitStatus: number]>> = {
  XFORM_INVALID_OPTION: [OptionError, EXIT_USAGE],
  XFORM_INVALID_WHERE: [OptionError, EXIT_USAGE],
  XFORM_INVALID_ALERTS: [OptionError, EXIT_USAGE],
  XFORM_CONFIG_UNREADABLE: [ConfigError, EXIT_USAGE],
  XFORM_CONFIG_INVALID: [ConfigError, EXIT_USAGE],
  XFORM_UNKNOWN_TRANSFORM: [ConfigError, EXIT_USAGE],
  XFORM_AMBIGUOUS_TRANSFORM: [ConfigError, EXIT_USAGE],
  XFORM_INVALID_SMIRKS: [ConfigError, EXIT_USAGE],
  XFORM_INVALID_SMARTS: [ConfigError, EXIT_USAGE],
  XFORM_EXAMPLES_UNMET: [ConfigError, EXIT_USAGE],
  XFORM_INPUT_NOT_FOUND: [InputError, EXIT_USAGE],
  XFORM_INPUT_UNREADABLE: [InputError, EXIT_USAGE],
  XFORM_INPUT_COLUMN: [InputError, EXIT_USAGE],
  XFORM_INPUT_CORRUPT: [InputError, EXIT_FAILED],
  XFORM_INPUT_CHANGED: [InputError, EXIT_FAILED],
  XFORM_INPUT_IN_OUTPUT: [OutputError, EXIT_USAGE],
  XFORM_OUTPUT_EXISTS: [OutputError, EXIT_USAGE],
  XFORM_FILE_EXISTS: [OutputError, EXIT_USAGE],
  XFORM_OUTPUT_LOCKED: [OutputError, EXIT_USAGE],
  XFORM_RESUME_REFUSED: [OutputError, EXIT_USAGE],
  XFORM_OUTPUT_FAILED: [OutputError, EXIT_FAILED],
  XFORM_OUTPUT_DAMAGED: [OutputError, EXIT_FAILED],
  XFORM_OUTPUT_FULL: [OutputError, EXIT_FAILED],
  XFORM_SYSTEM_LIMIT: [SystemError, EXIT_FAILED],
  XFORM_ENVIRONMENT: [SystemError, EXIT_USAGE],
  XFORM_CLUSTER_FAILED: [ClusterError, EXIT_FAILED],
  XFORM_CANCELLED: [CancelledError, EXIT_INTERRUPTED],
  XFORM_SHARD_UNFINISHED: [InputError, EXIT_USAGE],
  XFORM_SHARD_DAMAGED: [InputError, EXIT_USAGE],
  XFORM_SHARD_MISMATCH: [InputError, EXIT_USAGE],
  XFORM_SHARD_REPEATED: [InputError, EXIT_USAGE],
  XFORM_SHARD_MISSING: [InputError, EXIT_USAGE],
  XFORM_RUNAWAYS: [RunawayError, EXIT_FAILED],
  XFORM_RECHECK_DIFFERS: [InternalError, EXIT_FAILED],
  XFORM_INTERNAL: [InternalError, EXIT_FAILED],
  XFORM_NATIVE_LOAD: [NativeLoadError, EXIT_FAILED],
  XFORM_CRASHED: [InternalError, EXIT_FAILED],
  XFORM_CLUSTER_MISSING: [ClusterError, EXIT_FAILED],
};

/**
 * Turns an error of the addon into the class of its code; anything else passes unchanged.
 *
 * @param stopReason why the caller requested a stop, if it did: the cause of a `CancelledError`.
 */
export function fromNative(error: unknown, stopReason?: unknown): unknown {
  if (!types.isNativeError(error) || !('code' in error) || !isXformErrorCode(error.code)) return error;
  const details = 'details' in error && isRecord(error.details) ? error.details : {};
  if (error.code === 'XFORM_INVALID_OPTION') {
    return invalidOption(camelCase(String(details['option'])), String(details['reason']));
  }
  const message =
    error.code === 'XFORM_INVALID_WHERE' ? respelled(error.message.replace('where', spelled)) : error.message;
  const cause = error.code === 'XFORM_CANCELLED' ? stopReason : undefined;
  const [Class] = errorCodes[error.code];
  return new Class(message, { code: error.code, details, cause });
}

/** An error that is sent between processes, where classes and causes are lost. */
export interface ErrorData {
  message: string;
  stack: string | undefined;
  code?: unknown;
  details?: unknown;
}

export function toErrorData(error: unknown): ErrorData {
  if (!types.isNativeError(error)) return { message: inWords(error), stack: undefined };
  const { message, stack, code, details } = error as Error & Partial<XformError>;
  return { message, stack, code, details };
}

/** The error that was converted into `data`; see {@link fromNative}. */
export function fromErrorData({ message, ...data }: ErrorData, stopReason?: unknown): unknown {
  return fromNative(Object.assign(new Error(message), data), stopReason);
}

/**
 * Anything that was thrown, as text. It does not throw itself, as `String` does for some objects and for those without
 * a prototype.
 */
export function inWords(thrown: unknown): string {
  try {
    return types.isNativeError(thrown) ? String(thrown) : inspect(thrown, { depth: 1, customInspect: false });
  } catch {
    return 'something that cannot be shown';
  }
}

/**
 * The error for an option that cannot be used, spelled as in the surface in use.
 *
 * @param name its name in the API.
 * @param why worded to follow the name; other options are between backticks.
 */
export function invalidOption(name: string, why: string): OptionError {
  const details = { option: spelled(name), reason: respelled(why) };
  return new OptionError(`${details.option}: ${details.reason}`, { code: 'XFORM_INVALID_OPTION', details });
}

/** The error of a run into `path` that was stopped on request, for the reason that the caller's signal gives. */
export function cancelled(how: string, rows: number, path: string, cause: unknown): CancelledError {
  return new CancelledError(`stopped on request ${how}`, { code: 'XFORM_CANCELLED', details: { rows, path }, cause });
}

export function cancelledBefore(path: string, cause: unknown): CancelledError {
  return cancelled(`before the first row; nothing was written to ${path}`, 0, path, cause);
}

/** The error of a call of `transformSmiles` that was stopped on request. */
export function stoppedCall(cause: unknown): CancelledError {
  return new CancelledError('stopped on request', { code: 'XFORM_CANCELLED', cause });
}

export function internalError(reason: string, cause?: unknown): InternalError {
  return new InternalError(`internal error: ${reason}`, { code: 'XFORM_INTERNAL', details: { reason }, cause });
}

/** Whether it is the system's error for a failed call. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return types.isNativeError(error) && 'syscall' in error;
}

const limits: Readonly<Record<string, readonly [resource: string, advice: string]>> = {
  EAGAIN: ['threads', 'raise the limit of the user (ulimit -u) or of the control group (pids.max)'],
  EMFILE: ['open files', 'raise the limit of the process (ulimit -n)'],
  ENFILE: ['open files', 'raise the limit of the machine (fs.file-max)'],
  ENOMEM: ['memory', 'raise the limit of the process (ulimit -v) or of the control group (memory.max)'],
};

/** The error if an `action`, such as `start a process`, failed at a limit of the system; otherwise undefined. */
export function systemLimit(action: string, cause: NodeJS.ErrnoException): SystemError | undefined {
  const limit = limits[cause.code ?? ''];
  if (limit === undefined) return undefined;
  const [resource, advice] = limit;
  const message = `cannot ${action}: the system provides no more ${resource} (${cause.message}); end other programs, or ${advice}`;
  const details = { action, resource, reason: cause.message };
  return new SystemError(message, { code: 'XFORM_SYSTEM_LIMIT', details, cause });
}

/** The error to throw if a process for RDKit was not started because of `error`. */
export function noProcess(error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return (
    systemLimit('start a process for RDKit', error) ?? internalError(`no process for RDKit: ${error.message}`, error)
  );
}

function isXformErrorCode(code: unknown): code is XformErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
