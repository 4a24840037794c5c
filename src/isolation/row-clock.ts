/** How long rows have been worked on, over all processes of a run. A file keeps it from one process to the next. */
import { type CrashRecord, readTimes, writeTimes } from './work-folder';

/** CPU time in nanoseconds, by row. */
type Times = ReadonlyMap<number, number>;

/** The file is written again when a row has taken a further share of the limit that is one in so many. */
const STEPS = 20;

export class RowClock {
  /** What earlier processes have left; of a row that was finished since, nothing. */
  private readonly earlier: Map<number, number>;
  private latest: Times = new Map();
  private written: Times;
  private readonly stepNanoseconds: number;

  /** @throws {OutputError} */
  constructor(
    private readonly path: string | undefined,
    limitNanoseconds: number,
  ) {
    this.earlier = path === undefined ? new Map() : readTimes(path);
    this.written = this.earlier;
    this.stepNanoseconds = limitNanoseconds / STEPS;
  }

  /**
   * The times of the rows in hand, given the CPU time of each thread.
   *
   * @throws {OutputError}
   */
  read(inHand: readonly CrashRecord[], threadTime: (threadId: number) => number): Times {
    const now = new Map<number, number>();
    for (const { sourceRow, threadId, cpuNanoseconds } of inHand) {
      if (sourceRow === null) continue;
      const here = Math.max(0, threadTime(threadId) - cpuNanoseconds);
      now.set(sourceRow, (this.earlier.get(sourceRow) ?? 0) + here);
    }
    for (const row of this.latest.keys()) if (!now.has(row)) this.earlier.delete(row);
    this.latest = now;
    const isDue = [...now].some(([row, time]) => time - (this.written.get(row) ?? 0) >= this.stepNanoseconds);
    if (isDue && this.path !== undefined) {
      this.written = new Map([...this.earlier, ...now]);
      writeTimes(this.path, this.written);
    }
    return now;
  }
}
