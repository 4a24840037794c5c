/** The task of a child: each child does one and exits. */
import type { Summary } from '../../index';
import type { NativeTransform } from '../native';
import type { RunOptions } from '../options/arguments';
import type { Cause } from './death';

/** What a child of a run needs to know in addition to the options. The core reads it. */
export interface Supervision {
  /** Whether the child reports `started`. */
  reports: boolean;
  /** CPU time in seconds that a row may take, over all processes of the run; 0 for no limit. */
  row_limit_seconds: number;
  predecessors: Predecessors;
}

/** The earlier children of the run. */
export interface Predecessors {
  /** Since the run began. */
  elapsed_seconds: number;
  /** Rows that were committed when the run began; null if that is not known. */
  rows_resumed: number | null;
  restarts: Summary['restarts'];
}

/** The line that a child reads. */
export type Task =
  /** Runs a library. */
  | { kind: 'run'; options: RunOptions; supervision: Supervision }
  /** Finds the rows that caused the death of the previous child. */
  | { kind: 'judge'; options: RunOptions; cause: Cause; supervision: Supervision }
  | CheckTask
  | MoleculeTask;

/** Checks a run, and tries a sample of its rows. */
export interface CheckTask {
  kind: 'check';
  options: RunOptions;
  /** What the report should contain in addition. The core reads it. */
  detail: { explain: boolean; sample: number; seed: number };
}

/** Transforms a few molecules, one after the other. */
export interface MoleculeTask {
  kind: 'molecules';
  smiles: string[];
  transform: NativeTransform;
  /** The options that the core uses, as JSON. */
  options: string;
  /** CPU time that a molecule may take; 0 for no limit. */
  molTimeoutSeconds: number;
}
