/** Looks at a child now and then, until it ends it: for silence after its start, or for rows that take too long. */
import { RowClock } from './row-clock';
import { type CrashRecord, threadTime } from './work-folder';

/** A child takes about 50 ms to speak, but many seconds on a slow network file system or without free memory. */
export const START_LIMIT_MS = 60_000;

const [SHORTEST_INTERVAL_MS, LONGEST_INTERVAL_MS] = [250, 1_000];

export interface WatchLimits {
  /** CPU time that a row may take, over all processes of the run; 0 for no limit. */
  limitNanoseconds: number;
  /** A child that has said nothing for so long is ended. */
  startLimitMs: number;
  /** The file that keeps the times of rows from one process to the next. Without it they begin at 0. */
  rowTimes?: string | undefined;
}

type Records = ReadonlyMap<string, CrashRecord>;

export class Watch {
  /** Whether the child has said anything. */
  hasSpoken = false;
  /** Whether it was ended because it had not. */
  isSilent = false;
  /** The rows that it was ended for. */
  overdue: Records | undefined;
  /** Why they could not be looked at. The child was ended for that as well: it would have run without a limit. */
  failure: unknown;
  private readonly timer: NodeJS.Timeout;
  /** Time without a word, as the looks count it: while this process is stopped, so may be the child. */
  private silentMs = 0;
  private clock: RowClock | undefined;

  constructor(
    private readonly limits: WatchLimits,
    private readonly pid: number,
    private readonly readInHand: () => Records,
    private readonly kill: () => void,
  ) {
    const { limitNanoseconds: limit } = limits;
    const often = limit === 0 ? LONGEST_INTERVAL_MS : Math.max(SHORTEST_INTERVAL_MS, limit / 4e6);
    const intervalMs = Math.min(LONGEST_INTERVAL_MS, often);
    this.timer = setInterval(() => this.look(intervalMs), intervalMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(passedMs: number): void {
    this.silentMs += passedMs;
    this.isSilent = !this.hasSpoken && this.silentMs > this.limits.startLimitMs;
    try {
      this.overdue = this.findOverdue();
    } catch (error) {
      this.failure = error;
    }
    if (!(this.isSilent || this.overdue || this.failure)) return;
    // A dying child shows no times, and what was found would be lost.
    this.stop();
    this.kill();
  }

  /** The rows that have taken more than the limit; undefined if there are none. */
  private findOverdue(): Records | undefined {
    const { limitNanoseconds, rowTimes } = this.limits;
    if (limitNanoseconds === 0) return undefined;
    const records = [...this.readInHand()];
    if (records.length === 0) return undefined;
    // Not before the child has records: by then it has cleared what another run has left.
    this.clock ??= new RowClock(rowTimes, limitNanoseconds);
    const times = this.clock.read(
      records.map(([, record]) => record),
      (threadId) => threadTime(this.pid, threadId),
    );
    const isOverdue = ({ sourceRow }: CrashRecord) =>
      sourceRow !== null && (times.get(sourceRow) ?? 0) > limitNanoseconds;
    const overdue = records.filter(([, record]) => isOverdue(record));
    return overdue.length > 0 ? new Map(overdue) : undefined;
  }
}
