/** Counts and ranges of tables. */
import type { Path, SummarizeControl, SummarizeOptions, SummarizeProgress, TableReport } from '../index';
import { native } from './native';
import { callOnTable } from './table-call';

export function summarize(
  input: Path,
  options: SummarizeOptions = {},
  control: SummarizeControl = {},
): Promise<TableReport> {
  return callOnTable<TableReport, SummarizeProgress>('summarize', input, options, control, (...call) =>
    native().summarize(...call),
  );
}
