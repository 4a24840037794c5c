/** Counts and ranges of tables. */
import type { Path, SummarizeControl, SummarizeOptions, SummarizeProgress, TableReport } from '../index';
import { stoppedCall } from './errors';
import { native } from './native';
import { checkPath, checkProgressControl, toJson } from './options/arguments';
import { packPath } from './paths';
import { cancellable } from './transforms';

export async function summarize(
  input: Path,
  options: SummarizeOptions = {},
  control: SummarizeControl = {},
): Promise<TableReport> {
  checkPath('input', input);
  const json = toJson('summarize', options);
  const { signal, onProgress } = checkProgressControl(control);
  if (signal?.aborted) throw stoppedCall(signal.reason);
  const hear = onProgress && ((progress: string) => onProgress(JSON.parse(progress) as SummarizeProgress));
  return cancellable<TableReport>(signal, (cancellation) =>
    native().summarize(packPath(input), json, cancellation, hear),
  );
}
