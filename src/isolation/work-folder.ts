/**
 * What the core and the supervisor of an isolated run say to each other in files, which outlive every process: crash
 * records, which say what each worker has in hand, and the quarantine, which says what no worker may touch.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { isSystemError, OutputError, systemLimit, type XformError } from '../errors';
import { pathForNode, shownPath } from '../paths';

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
export function threadTime(pid: number, threadId: number): number {
  const path = `/proc/${pid}/task/${threadId}/schedstat`;
  return readIfThere(path, () => Number.parseInt(readFileSync(path, 'latin1'), 10), 0);
}

/** A line of the quarantine. Its form is the core's. */
export interface Quarantined {
  source_row: number;
  /** Null for all of them. */
  transform: number | null;
  code: 'crashed' | 'timed_out' | 'out_of_memory';
}

/** The quarantine of a run, in a file of its work folder. The core reads it, and clears it when a run starts over. */
export class Quarantine {
  constructor(private readonly path: string) {}

  /**
   * Adds those of `rows` that are not there yet. Returns whether there are any.
   *
   * @throws {OutputError}
   */
  add(rows: readonly Quarantined[]): boolean {
    const known = readLines<Quarantined>(this.path);
    const news = rows.filter((row) => !known.some((other) => isSamePlace(row, other)));
    if (news.length > 0) appendLines(this.path, news);
    return news.length > 0;
  }
}

function isSamePlace(one: Quarantined, other: Quarantined): boolean {
  return one.source_row === other.source_row && one.transform === other.transform;
}

/** `text` followed by its checksum, the first 16 hex digits of its SHA-256. */
export function withChecksum(text: string): string {
  return `${text} ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** What {@link withChecksum} was given to make `line`; undefined if the checksum does not fit. */
export function withoutChecksum(line: string): string | undefined {
  const text = line.slice(0, Math.max(0, line.lastIndexOf(' ')));
  return withChecksum(text) === line ? text : undefined;
}

function readLines<Line>(path: string): Line[] {
  // A last line without its end was torn, and is not used.
  const lines = readIfThere(path, () => readFileSync(pathForNode(path), 'utf8'), '')
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => {
    const text = withoutChecksum(line);
    if (text === undefined) throw damaged(path, 'the checksum of a line does not fit');
    return JSON.parse(text) as Line;
  });
}

function appendLines(path: string, lines: readonly object[]): void {
  try {
    const file = openSync(pathForNode(path), 'a+');
    try {
      // What a torn line has left would spoil the next one.
      ftruncateSync(file, readFileSync(file).lastIndexOf('\n') + 1);
      writeSync(file, lines.map((line) => `${withChecksum(JSON.stringify(line))}\n`).join(''));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw isSystemError(error) ? outputError('write', path, error) : error;
  }
}

/**
 * CPU time in nanoseconds by row, as {@link writeTimes} left it. The core clears the file when a run starts over.
 *
 * @throws {OutputError}
 */
export function readTimes(path: string): Map<number, number> {
  const text = readIfThere(path, () => readFileSync(pathForNode(path), 'utf8'), '');
  // What a power cut has torn is not used: at worst, a row has its whole time once more.
  const seconds = JSON.parse(withoutChecksum(text) ?? '{}') as Record<string, number>;
  return new Map(Object.entries(seconds).map(([row, time]) => [Number(row), time * 1e9]));
}

/** @throws {OutputError} */
export function writeTimes(path: string, times: ReadonlyMap<number, number>): void {
  const seconds = Object.fromEntries([...times].map(([row, time]) => [row, time / 1e9]));
  try {
    const temporary = pathForNode(`${path}.new`);
    writeFileSync(temporary, withChecksum(JSON.stringify(seconds)));
    renameSync(temporary, pathForNode(path));
  } catch (error) {
    throw isSystemError(error) ? outputError('write', path, error) : error;
  }
}

/** Size of a file in bytes; 0 if there is none. */
export function fileBytes(path: string): number {
  return readIfThere(path, () => statSync(pathForNode(path)).size, 0);
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

/** A file that holds something else than was written, as the core words it. */
function damaged(path: string, reason: string): OutputError {
  const shown = shownPath(path);
  const message = `${shown} is damaged: ${reason}; use --force to start over`;
  return new OutputError(message, { code: 'XFORM_OUTPUT_DAMAGED', details: { path: shown, reason } });
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
