/** Writes tables in other formats. The molecules of SDF are drawn by RDKit in this process. */
import type { ExportControl, ExportOptions, ExportProgress, ExportSummary, Path } from '../index';
import { stoppedCall } from './errors';
import { native } from './native';
import { checkPath, checkProgressControl, toJson } from './options/arguments';
import { packPath } from './paths';
import { cancellable } from './transforms';

export async function exportTable(
  input: Path,
  options: ExportOptions,
  control: ExportControl = {},
): Promise<ExportSummary> {
  checkPath('input', input);
  const json = toJson('exportTable', options);
  const { signal, onProgress } = checkProgressControl(control);
  if (signal?.aborted) throw stoppedCall(signal.reason);
  const hear = onProgress && ((progress: string) => onProgress(JSON.parse(progress) as ExportProgress));
  return cancellable<ExportSummary>(signal, (cancellation) =>
    native().exportTable(packPath(input), json, cancellation, hear),
  );
}
