/** What a supervisor and the child that runs RDKit for it say to each other. */
import type { CheckReport, Progress, Summary } from '../../index';
import type { ErrorData } from '../errors';
import type { RunOptions } from '../options/arguments';

/** The children of a run before this one. Its form is the core's. */
export interface Predecessors {
  /** Since the run began. */
  elapsed_seconds: number;
  /** Rows that were committed when the run began; null if that is not known. */
  rows_resumed: number | null;
  restarts: Summary['restarts'];
}

/** The first message to a child. */
export type Task =
  | { kind: 'run'; options: RunOptions; report: boolean; predecessors?: Predecessors }
  | { kind: 'try'; options: RunOptions; sourceRow: number; crashRecord: string };

export type ToChild = Task | { kind: 'cancel' };

/** The last word of a child. */
export type LastWord = { kind: 'done'; summary: Summary } | { kind: 'survived' } | { kind: 'failed'; error: ErrorData };

/** What a child says. `ready` comes first, before it knows its task. */
export type FromChild =
  | { kind: 'ready' }
  | { kind: 'started'; report: CheckReport }
  | { kind: 'progress'; progress: Progress }
  | LastWord;
