/** Writes tables in other formats. The molecules of SDF are drawn by RDKit in this process. */
import type { ExportControl, ExportOptions, ExportProgress, ExportSummary, Path } from '../index';
import { native } from './native';
import { callOnTable } from './table-call';

export function exportTable(input: Path, options: ExportOptions, control: ExportControl = {}): Promise<ExportSummary> {
  return callOnTable<ExportSummary, ExportProgress>('exportTable', input, options, control, (...call) =>
    native().exportTable(...call),
  );
}
