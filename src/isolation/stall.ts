/** Deaths between which a run makes no progress. */
import { countReasons, type Death, reasonOf } from './death';

/** The number of deaths without a commit after which a run fails. */
const DEATHS_WITHOUT_COMMIT = 5;

/** The rows that a child was working on. */
export interface RowsInHand {
  rows: readonly number[];
  /** The file of known molecules that they are in; undefined for the library. */
  knownFile?: string | undefined;
}

export const noRows: RowsInHand = { rows: [] };

/** The verdict on a death. */
export interface Verdict {
  /** The number of rows that caused it. */
  guilty: number;
  /** Grows with each commit of the run; undefined if not known. */
  committed?: number;
  inHand: RowsInHand;
}

/** The deaths since the latest commit for which no row is to blame. */
export class Stall {
  private deaths: { reason: string; inHand: RowsInHand }[] = [];
  private committed = 0;

  /** Adds a death. */
  add(death: Death, { guilty, committed = this.committed, inHand }: Verdict): void {
    if (guilty > 0 || committed > this.committed) this.deaths = [];
    this.committed = committed;
    // Without the guilty rows, the next child gets further.
    if (guilty === 0) this.deaths.push({ reason: reasonOf(death), inHand });
  }

  get count(): number {
    return this.deaths.length;
  }

  get isOver(): boolean {
    return this.count >= DEATHS_WITHOUT_COMMIT;
  }

  /** How often each reason occurred. */
  get reasons(): Record<string, number> {
    return countReasons(this.deaths.map(({ reason }) => reason));
  }

  /** The rows in progress at most of the deaths, ascending; of the same file as the latest ones. */
  get commonRows(): RowsInHand {
    const { knownFile } = this.deaths.filter(({ inHand }) => inHand.rows.length > 0).at(-1)?.inHand ?? noRows;
    const ofFile = this.deaths.filter(({ inHand }) => inHand.knownFile === knownFile);
    const times = new Map<number, number>();
    for (const row of ofFile.flatMap(({ inHand }) => inHand.rows)) times.set(row, (times.get(row) ?? 0) + 1);
    const most = Math.max(...times.values());
    const rows = [...times].flatMap(([row, count]) => (count === most ? [row] : [])).sort((a, b) => a - b);
    return { rows, knownFile };
  }
}
