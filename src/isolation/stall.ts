/** Deaths of children between which a run gets no further. */
import { countReasons, type Death, reasonOf } from './death';

/** After so many the run is given up. */
const DEATHS_WITHOUT_COMMIT = 5;

/** The deaths since the latest commit for which no row is to blame. */
export class Stall {
  private deaths: Death[] = [];
  private committedBytes = 0;

  /** Takes in one more; `manifestBytes` grow with each commit. */
  add(death: Death, manifestBytes: number): void {
    if (manifestBytes > this.committedBytes) this.deaths = [];
    this.committedBytes = manifestBytes;
    this.deaths.push(death);
  }

  /** A row was found that is to blame: the next child will get further. */
  forget(): void {
    this.deaths = [];
  }

  get count(): number {
    return this.deaths.length;
  }

  get isOver(): boolean {
    return this.count >= DEATHS_WITHOUT_COMMIT;
  }

  /** How often each reason occurred. */
  get reasons(): Record<string, number> {
    return countReasons(this.deaths.map(reasonOf));
  }

  /** The rows that were in hand at most of the deaths, ascending. */
  get commonRows(): number[] {
    const times = new Map<number, number>();
    for (const { inHand } of this.deaths) {
      for (const { sourceRow } of inHand) if (sourceRow !== null) times.set(sourceRow, (times.get(sourceRow) ?? 0) + 1);
    }
    const most = Math.max(...times.values());
    return [...times].flatMap(([row, count]) => (count === most ? [row] : [])).sort((a, b) => a - b);
  }
}
