/**
 * Runs whose RDKit lives in a process of its own, so that a crash costs a molecule and not the run.
 *
 * This process never loads the addon. Its child (`isolated.ts`) checks, runs and reports; the child's workers say in
 * crash records, small files that outlive them, which row is in hand. When the child dies, each of these rows is tried
 * once more, alone in a child of its own. Those that kill it again are quarantined, and a new child goes on where the
 * run's manifest ends. A molecule that takes too long ends the same way, without the second try: a call into
 * RDKit cannot be interrupted (rdkit/rdkit#8594), so its process is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fsyncSync, ftruncateSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ApplyControl, CheckReport, Progress, Summary } from '../index';
import { CancelledError, type ErrorData, fromErrorData, InternalError } from './errors';
import type { NativeApplyOptions } from './native';

/** What the child is told. The first message is its task. */
export type ToChild =
  | { kind: 'run'; options: NativeApplyOptions; report: boolean }
  | { kind: 'try'; options: NativeApplyOptions; sourceRow: number; crashRecord: string }
  | { kind: 'cancel' };

/** What the child says. `done`, `survived` and `failed` are its last word. */
export type FromChild =
  | { kind: 'started'; report: CheckReport }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'done'; summary: Summary }
  | { kind: 'survived' }
  | { kind: 'failed'; error: ErrorData };

export interface IsolatedRun {
  options: NativeApplyOptions;
  /** CPU time that a molecule may take; 0 for no limit. */
  molTimeoutSeconds: number;
}

/** Program and arguments of the child. */
export type ChildCommand = readonly [program: string, ...args: string[]];

const isolated: ChildCommand = [process.execPath, join(__dirname, 'isolated.js')];

/** A child that was asked to stop is killed after so long: a molecule may hold it up, and what is durable stays. */
const STOP_GRACE_MS = 800;
/** After so many new children that got no further, with no molecule to blame, the run is given up. */
const RESTARTS = 2;

/**
 * Runs `options` in a child, and in a new one whenever it dies.
 *
 * @throws what `apply` throws, and `XFORM_CRASHED` where the child dies without a molecule to blame.
 */
export function supervise(run: IsolatedRun, control: ApplyControl, command = isolated): Promise<Summary> {
  return new Supervisor(run, control, command).run();
}

type LastWord = Exclude<FromChild, { kind: 'started' | 'progress' }>;

/** A child that ended without its last word. */
interface Death {
  kind: 'died';
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Whether it was killed for rows that took too long. */
  isOverdue: boolean;
  /** These rows, or all that its workers have said. */
  records: CrashRecord[];
}

class Supervisor {
  private readonly options: NativeApplyOptions;
  private readonly limitNanoseconds: number;
  private readonly inHand: string;
  private readonly quarantine: string;
  private rows = 0;

  constructor(
    run: IsolatedRun,
    private readonly control: ApplyControl,
    private readonly command: ChildCommand,
  ) {
    this.options = run.options;
    this.limitNanoseconds = run.molTimeoutSeconds * 1e9;
    const workFolder = join(run.options.outdir, '.xform-native');
    this.inHand = join(workFolder, 'in-hand');
    this.quarantine = join(workFolder, 'quarantine.jsonl');
  }

  async run(): Promise<Summary> {
    let task: ToChild = { kind: 'run', options: this.options, report: this.control.onStart !== undefined };
    let [restarts, rowsAtDeath] = [0, 0];
    for (;;) {
      const ending = await this.child(task);
      if (ending.kind === 'done') return ending.summary;
      if (ending.kind !== 'died') throw this.failure(ending);
      if (ending.records.length === 0 && !ending.isOverdue) throw this.crashed(ending, 'before the first molecule');

      const isExplained = await this.quarantineGuilty(ending);
      if (isExplained || this.rows > rowsAtDeath) restarts = 0;
      if (!isExplained && ++restarts > RESTARTS) {
        const where = `${restarts} times after ${this.rows} rows, and none of the molecules in hand does that alone`;
        throw this.crashed(ending, where);
      }
      rowsAtDeath = this.rows;
      task = { kind: 'run', options: { ...this.options, resume: true, force: false }, report: false };
    }
  }

  /** Puts the molecules that explain a death in quarantine. Returns whether there are any that are not there yet. */
  private async quarantineGuilty({ isOverdue, records }: Death): Promise<boolean> {
    const guilty = isOverdue ? quarantined(records, 'timed_out') : await this.findGuilty(records);
    const known = readQuarantine(this.quarantine);
    const news = guilty.filter((row) => !known.some((other) => isSamePlace(row, other)));
    if (news.length > 0) appendQuarantine(this.quarantine, news);
    return news.length > 0;
  }

  /** The rows in hand that kill a child also when they have it for themselves. */
  private async findGuilty(records: readonly CrashRecord[]): Promise<Quarantined[]> {
    const guilty: Quarantined[] = [];
    for (const { sourceRow } of records) {
      if (sourceRow !== null) guilty.push(...(await this.tryAlone(sourceRow)));
    }
    return guilty;
  }

  private async tryAlone(sourceRow: number): Promise<Quarantined[]> {
    const crashRecord = join(this.inHand, 'try');
    rmSync(crashRecord, { force: true });
    try {
      const ending = await this.child({ kind: 'try', options: this.options, sourceRow, crashRecord });
      if (ending.kind === 'survived') return [];
      if (ending.kind !== 'died') throw this.failure(ending);
      return quarantined(ending.records, ending.isOverdue ? 'timed_out' : 'crashed');
    } finally {
      rmSync(crashRecord, { force: true });
    }
  }

  /** Starts a child on `task` and waits for its end. */
  private async child(task: ToChild): Promise<LastWord | Death> {
    const { signal } = this.control;
    if (signal?.aborted) throw this.stopped();

    const before = readRecords(this.inHand);
    const [program, ...args] = this.command;
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    // A child that is gone hears nothing; that it is gone shows in its end.
    const tell = (message: ToChild) => child.send(message, () => {});
    const kill = () => child.kill('SIGKILL');
    let lastWord: LastWord | undefined;
    let overdue: ReadonlyMap<string, CrashRecord> = new Map();
    let grace: NodeJS.Timeout | undefined;
    const stop = () => {
      tell({ kind: 'cancel' });
      grace = setTimeout(kill, task.kind === 'run' ? STOP_GRACE_MS : 0);
    };
    child.on('message', (message: FromChild) => {
      if (message.kind === 'started') this.control.onStart?.(message.report);
      else if (message.kind === 'progress') this.hear(message.progress);
      else lastWord = message;
    });
    const clock = this.watchTime(() => {
      overdue = this.overdue(child.pid, before);
      if (overdue.size > 0) kill();
    });
    const forget = killAtExit(child);
    signal?.addEventListener('abort', stop, { once: true });
    tell(task);
    try {
      // Unlike `exit`, this comes when the last message has been heard.
      const [exitCode, exitSignal] = await once(child, 'close');
      if (lastWord) return lastWord;
      if (signal?.aborted) throw this.stopped();
      const isOverdue = overdue.size > 0;
      const found = freshRecords(readRecords(this.inHand), before);
      const records = isOverdue ? stillInHand(overdue, found) : [...found.values()];
      return { kind: 'died', exitCode, signal: exitSignal, isOverdue, records };
    } catch (error) {
      throw isSystemError(error) ? internal(`no process for RDKit: ${error.message}`, error) : error;
    } finally {
      clearInterval(clock);
      clearTimeout(grace);
      forget();
      signal?.removeEventListener('abort', stop);
    }
  }

  private hear(progress: Progress): void {
    this.rows = Math.max(this.rows, progress.rows);
    this.control.onProgress?.(progress);
  }

  private watchTime(look: () => void): NodeJS.Timeout | undefined {
    if (this.limitNanoseconds === 0) return undefined;
    return setInterval(look, Math.min(1_000, Math.max(250, this.limitNanoseconds / 4e6)));
  }

  /** The rows on which a thread of `pid` has worked for more than the limit. */
  private overdue(pid: number | undefined, before: ReadonlyMap<string, CrashRecord>): Map<string, CrashRecord> {
    const records = freshRecords(readRecords(this.inHand), before);
    const isOverdue = ({ sourceRow, threadId, cpuNanoseconds }: CrashRecord) =>
      sourceRow !== null && threadTime(pid, threadId) - cpuNanoseconds > this.limitNanoseconds;
    return new Map([...records].filter(([, record]) => isOverdue(record)));
  }

  private failure(lastWord: LastWord): unknown {
    if (lastWord.kind === 'failed') return fromErrorData(lastWord.error, this.control.signal?.reason);
    return internal(`the isolated process answered ${lastWord.kind}`);
  }

  /** For a child that was killed since it did not stop in time; others say it themselves. */
  private stopped(): CancelledError {
    const { outdir } = this.options;
    const message = `stopped on request after ${this.rows} rows; nothing was published in ${outdir}`;
    return new CancelledError(`${message}; --resume goes on from there`, {
      code: 'XFORM_CANCELLED',
      details: { rows: this.rows, path: outdir },
      cause: this.control.signal?.reason,
    });
  }

  private crashed({ exitCode, signal, isOverdue }: Death, where: string): InternalError {
    const how = signal ? `of signal ${signal}` : `with exit status ${exitCode}`;
    const advice =
      signal === 'SIGKILL' && !isOverdue
        ? 'the system probably ran out of memory: lower --target-memory or --workers, and go on with --resume'
        : 'please report it; --resume tries to go on';
    return new InternalError(`the process that runs RDKit died ${how} ${where}; ${advice}`, {
      code: 'XFORM_CRASHED',
      details: { signal, exit_code: exitCode, rows: this.rows, path: this.options.outdir },
    });
  }
}

const children = new Set<ChildProcess>();
const killChildren = () => {
  for (const child of children) child.kill('SIGKILL');
};

/** Lets `process.exit()` end the child at once. Returns what ends the watch. */
function killAtExit(child: ChildProcess): () => void {
  if (children.size === 0) process.on('exit', killChildren);
  children.add(child);
  return () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', killChildren);
  };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function internal(reason: string, cause?: unknown): InternalError {
  return new InternalError(`internal error: ${reason}`, { code: 'XFORM_INTERNAL', details: { reason }, cause });
}

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

/** The crash records in `folder` by file name. */
function readRecords(folder: string): Map<string, CrashRecord> {
  const records = new Map<string, CrashRecord>();
  for (const name of orIfMissing(() => readdirSync(folder), [])) {
    const bytes = orIfMissing(() => readFileSync(join(folder, name)), Buffer.alloc(0));
    const record = parseCrashRecord(bytes);
    if (record) records.set(name, record);
  }
  return records;
}

/** Those that are not what an earlier process has left. */
function freshRecords(
  now: ReadonlyMap<string, CrashRecord>,
  before: ReadonlyMap<string, CrashRecord>,
): Map<string, CrashRecord> {
  return new Map([...now].filter(([name, record]) => !isDeepStrictEqual(record, before.get(name))));
}

/** Of the rows that were `overdue`, those that the killed child had not finished after all. */
function stillInHand(overdue: ReadonlyMap<string, CrashRecord>, now: ReadonlyMap<string, CrashRecord>): CrashRecord[] {
  return [...now]
    .filter(([name, { sourceRow, cpuNanoseconds }]) => {
      const then = overdue.get(name);
      return then?.sourceRow === sourceRow && then.cpuNanoseconds === cpuNanoseconds;
    })
    .map(([, record]) => record);
}

/** CPU time of a thread in nanoseconds; 0 where it is gone, or where the system does not tell (only Linux does). */
function threadTime(pid: number | undefined, threadId: number): number {
  const path = `/proc/${pid}/task/${threadId}/schedstat`;
  return orIfMissing(() => Number.parseInt(readFileSync(path, 'latin1'), 10), 0);
}

/** A line of the quarantine: what no worker may touch. Its form is the core's. */
interface Quarantined {
  source_row: number;
  /** Null for all of them. */
  transform: number | null;
  code: 'crashed' | 'timed_out';
}

function quarantined(records: readonly CrashRecord[], code: Quarantined['code']): Quarantined[] {
  return records.flatMap(({ sourceRow, transform }) =>
    sourceRow === null ? [] : [{ source_row: sourceRow, transform, code }],
  );
}

function isSamePlace(one: Quarantined, other: Quarantined): boolean {
  return one.source_row === other.source_row && one.transform === other.transform;
}

function readQuarantine(path: string): Quarantined[] {
  // A last line without its end was torn, and says nothing.
  const lines = orIfMissing(() => readFileSync(path, 'utf8'), '')
    .split('\n')
    .slice(0, -1);
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Quarantined);
}

function appendQuarantine(path: string, rows: readonly Quarantined[]): void {
  const file = openSync(path, 'a+');
  try {
    // What a torn line has left would spoil the next one.
    ftruncateSync(file, readFileSync(file).lastIndexOf('\n') + 1);
    writeSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function orIfMissing<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    // A thread that has just ended is ESRCH.
    if (isSystemError(error) && ['ENOENT', 'ESRCH', 'ENOTDIR'].includes(error.code ?? '')) return otherwise;
    throw error;
  }
}
