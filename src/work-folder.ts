/**
 * What the core and the supervisor of an isolated run say to each other in files, which outlive every process: crash
 * records, which say what each worker has in hand, and the quarantine, which says what no worker may touch.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError, OutputError, systemLimit, type XformError } from './errors';
import { pathForNode, shownPath } from './paths';

/** What a worker has in hand. */
export interface CrashRecord {
  /** Changes with each update. */
  sequence: bigint;
  /** Null between two rows. */
  sourceRow: number | null;
  /** Position among the transforms of the run; null while the row is parsed. */
  transform: number | null;
  threadId: number;
  /** CPU time of the thread when it took up the row. */
  cpuNanoseconds: number;
}

const RECORD_BYTES = 40;

/** The content of a crash record (little-endian); undefined for anything else. */
export function parseCrashRecord(bytes: Buffer): CrashRecord | undefined {
  if (bytes.length < RECORD_BYTES || bytes.toString('latin1', 0, 4) !== 'XFCR' || bytes.readUInt32LE(4) !== 1) {
    return undefined;
  }
  const [row, transform] = [Number(bytes.readBigUInt64LE(16)), bytes.readInt32LE(24)];
  return {
    sequence: bytes.readBigUInt64LE(8),
    sourceRow: row === 0 ? null : row - 1,
    transform: transform < 0 ? null : transform,
    threadId: bytes.readUInt32LE(28),
    cpuNanoseconds: Number(bytes.readBigUInt64LE(32)),
  };
}

/**
 * The crash records in `folder` by file name.
 *
 * @throws {OutputError}
 */
export function readRecords(folder: string): Map<string, CrashRecord> {
  const records = new Map<string, CrashRecord>();
  for (const name of readIfThere(folder, () => readdirSync(pathForNode(folder)), [])) {
    const path = join(folder, name);
    const record = parseCrashRecord(readIfThere(path, () => readFileSync(pathForNode(path)), Buffer.alloc(0)));
    if (record) records.set(name, record);
  }
  return records;
}

/** CPU time of a thread in nanoseconds; 0 where it is gone, or where the system does not tell (only Linux does). */
export function threadTime(pid: number | undefined, threadId: number): number {
  const path = `/proc/${pid}/task/${threadId}/schedstat`;
  return readIfThere(path, () => Number.parseInt(readFileSync(path, 'latin1'), 10), 0);
}

/** A line of the quarantine. Its form is the core's. */
export interface Quarantined {
  source_row: number;
  /** Null for all of them. */
  transform: number | null;
  code: 'crashed' | 'timed_out';
}

/** @throws {OutputError} */
export function readQuarantine(path: string): Quarantined[] {
  // A last line without its end was torn, and says nothing.
  const lines = readIfThere(path, () => readFileSync(pathForNode(path), 'utf8'), '')
    .split('\n')
    .slice(0, -1);
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Quarantined);
}

/** @throws {OutputError} */
export function appendQuarantine(path: string, rows: readonly Quarantined[]): void {
  try {
    const file = openSync(pathForNode(path), 'a+');
    try {
      // What a torn line has left would spoil the next one.
      ftruncateSync(file, readFileSync(file).lastIndexOf('\n') + 1);
      writeSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw isSystemError(error) ? outputError('write', path, error) : error;
  }
}

function readIfThere<T>(path: string, read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // A thread that has just ended is ESRCH.
    if (['ENOENT', 'ESRCH', 'ENOTDIR'].includes(error.code ?? '')) return otherwise;
    throw outputError('read', path, error);
  }
}

/** The system's error as the core words it. */
function outputError(action: 'read' | 'write', path: string, cause: NodeJS.ErrnoException): XformError {
  const shown = shownPath(path);
  const limit = systemLimit(`${action} ${shown}`, cause);
  if (limit !== undefined) return limit;
  const code = ['ENOSPC', 'EDQUOT'].includes(cause.code ?? '') ? 'XFORM_OUTPUT_FULL' : 'XFORM_OUTPUT_FAILED';
  const details = { path: shown, action, reason: cause.message };
  return new OutputError(`cannot ${action} ${shown}: ${cause.message}`, { code, details, cause });
}
