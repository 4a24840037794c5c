/** Reports on finished runs: one HTML file each, which a browser opens without a network. */
import { existsSync, statSync } from 'node:fs';
import type { Path, ReportControl, ReportOptions, Summary, WrittenReport } from '../index';
import { stoppedCall } from './errors';
import { native } from './native';
import { checkPath, checkReportControl } from './options/arguments';
import { checkOptions } from './options/checks';
import type { ReportData } from './pages/report/data';
import { fillTemplate, template } from './pages/template';
import { packPath, pathForNode, shownPath } from './paths';
import { cancellable } from './transforms';
import { refuseTaken, writeWhole } from './whole-file';

export async function report(
  outdir: Path,
  options: ReportOptions = {},
  control: ReportControl = {},
): Promise<WrittenReport> {
  checkPath('outdir', outdir);
  const { output = reportFile(outdir), force = false } = checkOptions('report', options);
  const { signal } = checkReportControl(control);
  if (signal?.aborted) throw stoppedCall(signal.reason);
  refuseTaken(output, force, 'file');
  const data = await cancellable<ReportData>(signal, (cancellation) =>
    native().reportData(packPath(outdir), cancellation),
  );
  const html = fillTemplate(template('report'), data);
  refuseTaken(output, force, 'file');
  return { file: shownPath(output), bytes: writeWhole(output, html) };
}

/** Where the report of the run in `outdir` is written. */
export function reportFile(outdir: Path): string | Buffer {
  return pathForNode(`${packPath(outdir)}/report.html`);
}

/** Adds to the summary of a run its report, if `options` ask for one. A run that had finished keeps the one that it has. */
export async function reportRun(
  summary: Summary,
  { outdir, force, report: isWanted }: { outdir: Path; force?: boolean | undefined; report?: boolean | undefined },
  signal: AbortSignal | undefined,
): Promise<Summary> {
  if (!isWanted) return summary;
  const file = reportFile(outdir);
  const isKept = summary.already_finished && existsSync(file);
  const written = isKept
    ? { file: shownPath(file), bytes: statSync(file).size }
    : await report(outdir, { force }, { signal });
  return Object.assign(summary, { report: written });
}
