/**
 * The events that a child process reports: one line of JSON per event, on its standard output.
 *
 * The process that runs RDKit (`isolation/main.ts`) and the cluster's program report the same events. Most of them come from
 * Rust, where `crate/core/src/events.rs` declares them.
 */
import type { CheckReport, Expected, MoleculeResult, Progress, Summary } from '../index';
import type { ErrorData } from './errors';

/** The last event of a child. */
export type LastWord =
  /** A run has finished. */
  | { kind: 'done'; summary: Summary }
  /** A check has finished. */
  | { kind: 'checked'; report: CheckReport }
  /** A judge has put `guilty` more rows in quarantine. `committed` grows with each commit of the run. */
  | { kind: 'judged'; guilty: number; committed: number }
  /** A row or molecule has exceeded its CPU time. RDKit cannot be interrupted, so the process has to be killed. */
  | { kind: 'overdue' }
  | { kind: 'failed'; error: ErrorData };

export type Event =
  /** The process has started. It has not read its task yet. */
  | { kind: 'ready' }
  /** A scheduler or an executor takes calls at this address. */
  | { kind: 'listening'; address: string }
  /** A run is about to start. */
  | { kind: 'started'; report: CheckReport }
  /** What a run is likely to give, from the part of a sample that was tried so far. */
  | { kind: 'expected'; expected: Expected }
  /** The rows that the dead process of a run was working on: of the library, or of a file of known molecules. */
  | { kind: 'in_hand'; rows: number[]; known_file?: string }
  /** RDKit starts work. If the process dies from now on, a row may be to blame. */
  | { kind: 'begun' }
  | { kind: 'progress'; progress: Progress }
  /** The results of the next molecules. */
  | { kind: 'results'; results: MoleculeResult[] }
  | LastWord;

const lastWords: ReadonlySet<string> = new Set<LastWord['kind']>(['done', 'checked', 'judged', 'overdue', 'failed']);

export function isLastWord(event: Event): event is LastWord {
  return lastWords.has(event.kind);
}

/** The event in a line; null for a truncated line. How the process ended then shows why. */
export function parseEvent(line: string): Event | null {
  try {
    return JSON.parse(line) as Event | null;
  } catch {
    return null;
  }
}
