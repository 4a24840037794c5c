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
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ApplyControl, CheckReport, Progress, Summary } from '../index';
import { pathOf } from './bundle';
import { deathText, started } from './child';
import {
  type CancelledError,
  cancelled,
  type ErrorData,
  fromErrorData,
  InternalError,
  internalError,
  noProcess,
} from './errors';
import type { NativeApplyOptions } from './native';
import { pathForNode, shownPath } from './paths';
import {
  appendQuarantine,
  type CrashRecord,
  type Quarantined,
  readQuarantine,
  readRecords,
  threadTime,
} from './work-folder';

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

const isolated = (): ChildCommand => [process.execPath, pathOf('isolated.js')];

/** A child that was asked to stop is killed after so long: a molecule may hold it up, and what is durable stays. */
const STOP_GRACE_MS = 800;
/** After so many new children that got no further, with no molecule to blame, the run is given up. */
const RESTARTS = 2;

/**
 * Runs `options` in a child, and in a new one whenever it dies.
 *
 * @throws what `apply` throws, and `XFORM_CRASHED` where the child dies without a molecule to blame.
 */
export function supervise(run: IsolatedRun, control: ApplyControl, command = isolated()): Promise<Summary> {
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
    let [restarts, rowsAtDeath, isNewChild] = [0, 0, false];
    for (;;) {
      const ending = await this.child(task);
      if (ending.kind === 'done') return isNewChild ? ranHere(ending.summary) : ending.summary;
      if (ending.kind !== 'died') throw this.failure(ending);
      if (ending.records.length === 0 && !ending.isOverdue) throw this.crashed(ending, 'before the first molecule');

      const isExplained = await this.quarantineGuilty(ending);
      if (isExplained || this.rows > rowsAtDeath) restarts = 0;
      if (!isExplained && ++restarts > RESTARTS) {
        const where = `${restarts} times after ${this.rows} rows, and none of the molecules in hand does that alone`;
        throw this.crashed(ending, where);
      }
      rowsAtDeath = this.rows;
      isNewChild = true;
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
    rmSync(pathForNode(crashRecord), { force: true });
    try {
      const ending = await this.child({ kind: 'try', options: this.options, sourceRow, crashRecord });
      if (ending.kind === 'survived') return [];
      if (ending.kind !== 'died') throw this.failure(ending);
      return quarantined(ending.records, ending.isOverdue ? 'timed_out' : 'crashed');
    } finally {
      rmSync(pathForNode(crashRecord), { force: true });
    }
  }

  /** Starts a child on `task` and waits for its end. */
  private async child(task: ToChild): Promise<LastWord | Death> {
    const { signal } = this.control;
    if (signal?.aborted) throw this.stopped();

    const before = readRecords(this.inHand);
    const child = await this.start();
    // A child that is gone hears nothing; that it is gone shows in its end.
    const tell = (message: ToChild) => child.send(message, () => {});
    const kill = () => child.kill('SIGKILL');
    let lastWord: LastWord | undefined;
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
    const watch = new Watch(() => this.overdue(child.pid, before), kill, this.limitNanoseconds);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      tell(task);
      if (signal?.aborted) stop();
      // Unlike `exit`, this comes when the last message has been heard.
      const [exitCode, exitSignal] = await once(child, 'close');
      if (lastWord) return lastWord;
      if (signal?.aborted) throw this.stopped();
      if (watch.failure) throw watch.failure;
      const isOverdue = watch.overdue.size > 0;
      const found = freshRecords(readRecords(this.inHand), before);
      const records = isOverdue ? stillInHand(watch.overdue, found) : [...found.values()];
      return { kind: 'died', exitCode, signal: exitSignal, isOverdue, records };
    } finally {
      watch.stop();
      clearTimeout(grace);
      signal?.removeEventListener('abort', stop);
    }
  }

  private async start(): Promise<ChildProcess> {
    const [program, ...args] = this.command;
    try {
      return await started(spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
    } catch (error) {
      throw noProcess(error);
    }
  }

  private hear(progress: Progress): void {
    this.rows = Math.max(this.rows, progress.rows);
    this.control.onProgress?.(progress);
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
    return internalError(`the isolated process answered ${lastWord.kind}`);
  }

  /** For a child that was killed since it did not stop in time; others say it themselves. */
  private stopped(): CancelledError {
    const outdir = shownPath(this.options.outdir);
    const how = `after ${this.rows} rows; nothing was published in ${outdir}; --resume goes on from there`;
    return cancelled(how, this.rows, outdir, this.control.signal?.reason);
  }

  private crashed({ exitCode, signal, isOverdue }: Death, where: string): InternalError {
    const advice =
      signal === 'SIGKILL' && !isOverdue
        ? 'the system probably ran out of memory: lower --target-memory or --workers, and go on with --resume'
        : 'please report it; --resume tries to go on';
    return new InternalError(`the process that runs RDKit ${deathText(exitCode, signal)} ${where}; ${advice}`, {
      code: 'XFORM_CRASHED',
      details: { signal, exit_code: exitCode, rows: this.rows, path: shownPath(this.options.outdir) },
    });
  }
}

/** Looks at what a child has in hand now and then, until it kills the child. */
class Watch {
  /** The rows that the child was killed for. */
  overdue: ReadonlyMap<string, CrashRecord> = new Map();
  /** Why they could not be looked at, which the child was killed for as well: the limit would hold no more. */
  failure: unknown;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly findOverdue: () => ReadonlyMap<string, CrashRecord>,
    private readonly kill: () => void,
    limitNanoseconds: number,
  ) {
    if (limitNanoseconds === 0) return;
    this.timer = setInterval(() => this.look(), Math.min(1_000, Math.max(250, limitNanoseconds / 4e6)));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    try {
      this.overdue = this.findOverdue();
      if (this.overdue.size === 0) return;
    } catch (error) {
      this.failure = error;
    }
    // A dying child shows no times, and what was found would be lost.
    this.stop();
    this.kill();
  }
}

/** The records of `now` that are not what an earlier process has left. */
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

function quarantined(records: readonly CrashRecord[], code: Quarantined['code']): Quarantined[] {
  return records.flatMap(({ sourceRow, transform }) =>
    sourceRow === null ? [] : [{ source_row: sourceRow, transform, code }],
  );
}

/** The summary, whoever found the run finished: a child that died after its last file has run it. */
function ranHere({ already_finished: _, ...summary }: Summary): Summary {
  return summary;
}

function isSamePlace(one: Quarantined, other: Quarantined): boolean {
  return one.source_row === other.source_row && one.transform === other.transform;
}
