/**
 * Runs whose RDKit lives in a process of its own, so that a crash costs a molecule and not the run.
 *
 * This process never loads the addon. Its child (`main.ts`) checks, runs and reports; the child's workers say in crash
 * records, small files that outlive them, which row is in hand. A run goes through these steps:
 *
 * ```text
 * run -> done                    the child has finished: its summary is the result
 *     -> failed                  it has reported an error, or says nothing after its start
 *     -> judge  -> run           it has died: rows that are to blame are put in quarantine, and a new child
 *                                continues where the run's manifest ends
 *               -> failed        the run dies again and again, gets no further, and no row is to blame
 * ```
 *
 * Who is to blame depends on how the child died (`death.ts`). After a crash, or when memory ran out, each row that was
 * in hand is tried alone in a child of its own (`trial.ts`). A row that took too long is to blame without a trial: a
 * call into RDKit cannot be interrupted (rdkit/rdkit#8594), so its process was killed for it. If somebody else killed the
 * child, no row is to blame.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ApplyControl, CheckReport, Progress, Summary } from '../../index';
import { pathOf } from '../bundle';
import { cancelled, fromErrorData, internalError } from '../errors';
import type { RunOptions } from '../options/arguments';
import { pathForNode, shownPath } from '../paths';
import { type ChildPlan, type Ended, runChild } from './child';
import { countReasons, type Death, reasonOf } from './death';
import { crashedAtStart, type Reached, silent, stalled } from './failures';
import type { LastWord, Task } from './messages';
import { watchOomKills } from './oom-kills';
import { Stall } from './stall';
import { blamed, verdictOn } from './trial';
import { START_LIMIT_MS } from './watch';
import { fileBytes, Quarantine, type Quarantined } from './work-folder';

export interface IsolatedRun {
  options: RunOptions;
  /** CPU time that a molecule may take; 0 for no limit. */
  molTimeoutSeconds: number;
}

/** What a supervisor works with; tests have others. */
export type Means = Pick<ChildPlan, 'command' | 'startLimitMs' | 'watchOomKills'>;

const systemMeans = (): Means => ({
  command: [process.execPath, pathOf('isolation/main.js')],
  startLimitMs: START_LIMIT_MS,
  watchOomKills,
});

/** A child that was asked to stop is killed after so long: a molecule may hold it up, and what is durable stays. */
const STOP_GRACE_MS = 800;

/**
 * Runs `options` in a child, and in a new one whenever it dies.
 *
 * @throws what `apply` throws; `XFORM_CRASHED` if children die again and again and no molecule is to blame;
 * `XFORM_SYSTEM_LIMIT` if the system does not let a child start.
 */
export function supervise(run: IsolatedRun, control: ApplyControl, changes: Partial<Means> = {}): Promise<Summary> {
  return new Supervisor(run, control, { ...systemMeans(), ...changes }).run();
}

/** What is next. */
type Step =
  | { kind: 'run'; task: Task }
  | { kind: 'judge'; death: Death }
  | { kind: 'done'; summary: Summary }
  | { kind: 'failed'; error: unknown };

class Supervisor {
  private readonly options: RunOptions;
  private readonly plan: ChildPlan;
  private readonly workFolder: string;
  private readonly quarantine: Quarantine;
  private readonly stall = new Stall();
  private readonly startedAt = performance.now();
  private readonly restartReasons: string[] = [];
  private hasBegun = false;
  private isReported = false;
  private rowsResumed: number | null = null;
  private rows = 0;

  constructor(
    run: IsolatedRun,
    private readonly control: ApplyControl,
    means: Means,
  ) {
    this.options = run.options;
    this.workFolder = join(run.options.outdir, '.xform-native');
    this.quarantine = new Quarantine(join(this.workFolder, 'quarantine.jsonl'));
    this.plan = {
      ...means,
      inHand: join(this.workFolder, 'in-hand'),
      limitNanoseconds: run.molTimeoutSeconds * 1e9,
      signal: control.signal,
      hear: (message) => {
        if (message.kind === 'started') this.report(message.report);
        else this.hear(message.progress);
      },
    };
  }

  async run(): Promise<Summary> {
    let step: Step = { kind: 'run', task: this.task() };
    for (;;) {
      if (step.kind === 'done') return step.summary;
      if (step.kind === 'failed') throw step.error;
      step = step.kind === 'run' ? await this.runOn(step.task) : await this.judge(step.death);
    }
  }

  private async runOn(task: Task): Promise<Step> {
    const plan = { ...this.plan, rowTimes: join(this.workFolder, 'row-times.json') };
    const ending = await runChild(plan, task, STOP_GRACE_MS);
    if (ending.kind === 'done') return { kind: 'done', summary: this.ranHere(ending.summary) };
    return ending.kind === 'died' ? { kind: 'judge', death: ending } : { kind: 'failed', error: this.failure(ending) };
  }

  /** The summary. If an earlier child died after its last file, the latest has found the run finished; still it was run here. */
  private ranHere(summary: Summary): Summary {
    if (!this.hasBegun) return summary;
    const { already_finished: _, ...ran } = summary;
    return ran;
  }

  private async judge(death: Death): Promise<Step> {
    this.hasBegun ||= death.hasBegun;
    if (death.cause === 'crashed' && !death.hasBegun) {
      return { kind: 'failed', error: crashedAtStart(death, this.reached) };
    }
    if (this.quarantine.add(await this.findGuilty(death))) this.stall.forget();
    else this.stall.add(death, fileBytes(join(this.workFolder, 'manifest.jsonl')));
    if (this.stall.isOver) return { kind: 'failed', error: stalled(this.stall, death, this.reached) };
    this.restartReasons.push(reasonOf(death));
    return { kind: 'run', task: this.task() };
  }

  /** The task of the next child: the run as it was asked for, until a child has begun with it. */
  private task(): Task {
    const options = this.hasBegun ? { ...this.options, resume: true, force: false } : this.options;
    const report = this.control.onStart !== undefined && !this.isReported;
    const total = this.restartReasons.length;
    if (total === 0) return { kind: 'run', options, report };
    const predecessors = {
      elapsed_seconds: (performance.now() - this.startedAt) / 1000,
      rows_resumed: this.rowsResumed,
      restarts: { total, reasons: countReasons(this.restartReasons) },
    };
    return { kind: 'run', options, report, predecessors };
  }

  private async findGuilty(death: Death): Promise<Quarantined[]> {
    if (death.cause === 'killed' || death.cause === 'timed_out') return blamed(death);
    const guilty: Quarantined[] = [];
    for (const { sourceRow } of death.inHand) {
      if (sourceRow !== null) guilty.push(...(await verdictOn(() => this.tryAlone(sourceRow))));
    }
    return guilty;
  }

  /** Tries a row in a child of its own. That has a time limit of its own: the row may be innocent. */
  private async tryAlone(sourceRow: number): Promise<Death | 'survived'> {
    const crashRecord = join(this.plan.inHand, 'try');
    rmSync(pathForNode(crashRecord), { force: true });
    try {
      const ending = await runChild(this.plan, { kind: 'try', options: this.options, sourceRow, crashRecord }, 0);
      if (ending.kind === 'survived') return 'survived';
      if (ending.kind === 'died') return ending;
      throw this.failure(ending);
    } finally {
      rmSync(pathForNode(crashRecord), { force: true });
    }
  }

  private report(report: CheckReport): void {
    this.isReported = true;
    this.control.onStart?.(report);
  }

  private hear(progress: Progress): void {
    this.rows = Math.max(this.rows, progress.rows);
    this.rowsResumed ??= progress.rows_resumed;
    this.control.onProgress?.(progress);
  }

  private get reached(): Reached {
    return { rows: this.rows, path: shownPath(this.options.outdir) };
  }

  private failure(ending: LastWord | Ended): unknown {
    const { rows, path } = this.reached;
    const reason = this.control.signal?.reason;
    switch (ending.kind) {
      case 'failed':
        return fromErrorData(ending.error, reason);
      case 'stopped':
        return cancelled(
          `after ${rows} rows; nothing was published in ${path}; --resume continues from there`,
          rows,
          path,
          reason,
        );
      case 'silent':
        return silent(this.plan.startLimitMs);
      default:
        return internalError(`the isolated process answered ${ending.kind}`);
    }
  }
}
