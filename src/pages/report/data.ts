/** The data of a report: the summary of a run, and what is drawn and counted for the page alone. */
import type { Summary } from '../../../index';

/** What only the report shows of a summary. */
type RunFigures = 'timeline' | 'parents';

export interface ReportData {
  /** `SUMMARY.json`. Runs of earlier versions lack the figures of the report. */
  summary: Omit<Summary, RunFigures> & Partial<Pick<Summary, RunFigures>>;
  /** Records of `rejects.parquet` by stage and code, the most frequent first. */
  rejects: RejectGroup[];
  /** The numeric properties of the products; empty if none were computed. */
  properties: PropertyDistribution[];
  /** SVGs of the parents in `most_products` and `slowest`, in their order; null if one cannot be drawn. */
  drawings: { fruitful: (string | null)[]; slowest: (string | null)[] };
}

/** Records of one reason. */
export interface RejectGroup {
  stage: string;
  code: string;
  records: number;
  /** The first records, at most three. */
  examples: RejectExample[];
}

export interface RejectExample {
  source_row: number;
  source_id: string | null;
  smiles: string | null;
  transform: string | null;
  reason: string;
  /** SVG of the molecule; null if it cannot be drawn. */
  drawing: string | null;
}

/** A property of the products, as a histogram. */
export interface PropertyDistribution {
  name: string;
  unit: string | null;
  /** Products with a value. */
  values: number;
  /** Products without one. */
  nulls: number;
  min: number;
  max: number;
  mean: number;
  /** Intervals of equal width; a value on a border counts in the upper interval, `max` in the last. */
  bins: { from: number; to: number; products: number }[];
}
