/**
 * Runs whose RDKit has its own process, so that a crash costs one molecule and not the run.
 *
 * This process never loads the addon. It starts children (`main.ts`), receives their events and sees how they end. Only the
 * core, in the children, reads and writes files. A run goes through these steps:
 *
 * ```text
 * run -> done                    the child has finished: its summary is the result
 *     -> failed                  the child has reported an error, or does not start
 *     -> judge  -> run           the child has died: another child finds the rows that caused it and puts them in
 *                                quarantine, and a third continues the run from its manifest
 *               -> failed        the run dies again and again without progress, and no row is to blame
 * ```
 *
 * Only the parent knows how a child died (`death.ts`), so it passes the cause to the judge, which decides
 * (`crate/core/src/isolation/judge.rs`). The judge tries suspect rows alone and may die as well. Then another judge
 * continues its work.
 */
import { performance } from 'node:perf_hooks';
import type { ApplyControl, CheckReport, Progress, Summary } from '../../index';
import { isolatedCommand } from '../bundle';
import { type ChildPlan, converse, type Ending } from '../conversation';
import { cancelled, fromErrorData, internalError, noProcess } from '../errors';
import type { Event } from '../events';
import type { RunOptions } from '../options/arguments';
import { shownPath } from '../paths';
import { type Cause, countReasons, type Death, deathOf, reasonOf } from './death';
import { crashedAtStart, type Reached, START_LIMIT_MS, STOP_GRACE_MS, silent, stalled } from './failures';
import { type OomWatch, watchOomKills } from './oom-kills';
import { noRows, type RowsInHand, Stall, type Verdict } from './stall';
import type { Supervision, Task } from './tasks';

export interface IsolatedRun {
  options: RunOptions;
  /** CPU time that a molecule may take; 0 for no limit. */
  molTimeoutSeconds: number;
}

/** What a supervisor works with; tests have others. */
export interface Means extends Pick<ChildPlan, 'command'> {
  startLimitMs: number;
  watchOomKills: () => OomWatch;
}

const systemMeans = (): Means => ({ command: isolatedCommand(), startLimitMs: START_LIMIT_MS, watchOomKills });

/**
 * Runs `options` in a child, and in a new one whenever it dies.
 *
 * @throws what `apply` throws; `XFORM_CRASHED` if children die again and again and no molecule is to blame;
 * `XFORM_SYSTEM_LIMIT` if the system does not let a child start.
 */
export function supervise(run: IsolatedRun, control: ApplyControl, changes: Partial<Means> = {}): Promise<Summary> {
  return new Supervisor(run, control, { ...systemMeans(), ...changes }).run();
}

/** How one child ended. */
interface Followed {
  ending: Ending;
  /** How it died, if it did. */
  death: Death | undefined;
  /** Whether RDKit had started work. Before that, no row can be to blame, and files of an earlier run are untouched. */
  hasBegun: boolean;
}

class Supervisor {
  private readonly stall = new Stall();
  private readonly startedAt = performance.now();
  private readonly restartReasons: string[] = [];
  private hasBegun = false;
  private isReported = false;
  private rowsResumed: number | null = null;
  private rows = 0;

  constructor(
    private readonly asked: IsolatedRun,
    private readonly control: ApplyControl,
    private readonly means: Means,
  ) {}

  async run(): Promise<Summary> {
    for (;;) {
      const { ending, death, hasBegun } = await this.follow({ kind: 'run', ...this.state });
      if (ending.kind === 'done') return this.ranHere(ending.summary);
      if (!death) throw this.failure(ending);
      if (death.cause === 'crashed' && !hasBegun) throw crashedAtStart(death, this.reached);
      this.hasBegun ||= hasBegun;
      this.stall.add(death, hasBegun ? await this.judge(death.cause) : { guilty: 0, inHand: noRows });
      if (this.stall.isOver) throw stalled(this.stall, death, this.reached);
      this.restartReasons.push(reasonOf(death));
    }
  }

  /** The verdict on the death of a run. */
  private async judge(cause: Cause): Promise<Verdict> {
    let found: RowsInHand | undefined;
    const onEvent = (event: Event) => {
      if (event.kind === 'in_hand') found ??= { rows: event.rows, knownFile: event.known_file };
    };
    for (;;) {
      const { ending, death, hasBegun } = await this.follow({ kind: 'judge', cause, ...this.state }, onEvent);
      const inHand = found ?? noRows;
      if (ending.kind === 'judged') return { guilty: ending.guilty, committed: ending.committed, inHand };
      if (!death) throw this.failure(ending);
      // No row killed this judge, so there is no verdict. If a row is to blame, the run dies again.
      if (!hasBegun) return { guilty: 0, inHand };
      cause = death.cause;
    }
  }

  /** Runs a child until it ends. */
  private async follow(task: Task, onEvent?: (event: Event) => void): Promise<Followed> {
    const { watchOomKills, ...means } = this.means;
    const hasOomKill = watchOomKills();
    let hasBegun = false;
    const plan: ChildPlan = {
      ...means,
      task,
      signal: this.control.signal,
      graceMs: STOP_GRACE_MS,
      onEvent: (event) => {
        if (event.kind === 'begun') hasBegun = true;
        else if (event.kind === 'started') this.report(event.report);
        else if (event.kind === 'progress') this.progress(event.progress);
        onEvent?.(event);
      },
    };
    try {
      const ending = await converse(plan);
      return { ending, death: deathOf(ending, hasOomKill), hasBegun };
    } catch (error) {
      throw noProcess(error);
    }
  }

  /** The task of the next child. Until a child has started work, the options are the caller's; later children resume. */
  private get state(): { options: RunOptions; supervision: Supervision } {
    const { options, molTimeoutSeconds } = this.asked;
    return {
      options: this.hasBegun ? { ...options, resume: true, force: false } : options,
      supervision: {
        reports: this.control.onStart !== undefined && !this.isReported,
        row_limit_seconds: molTimeoutSeconds,
        predecessors: {
          elapsed_seconds: (performance.now() - this.startedAt) / 1000,
          rows_resumed: this.rowsResumed,
          restarts: { total: this.restartReasons.length, reasons: countReasons(this.restartReasons) },
        },
      },
    };
  }

  /** The summary. A child died after its last file if the next one found the run finished: it was finished here all the same. */
  private ranHere(summary: Summary): Summary {
    if (!this.hasBegun) return summary;
    const { already_finished: _, ...ran } = summary;
    return ran;
  }

  private report(report: CheckReport): void {
    this.isReported = true;
    this.control.onStart?.(report);
  }

  private progress(progress: Progress): void {
    this.rows = Math.max(this.rows, progress.rows);
    this.rowsResumed ??= progress.rows_resumed;
    this.control.onProgress?.(progress);
  }

  private get reached(): Reached {
    return { rows: this.rows, path: shownPath(this.asked.options.outdir) };
  }

  private failure(ending: Ending): unknown {
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
        return silent(this.means.startLimitMs);
      default:
        return internalError(`the isolated process answered ${ending.kind}`);
    }
  }
}
