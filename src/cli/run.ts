/** How a command shows a run: the plan and the progress during the run, the table or the summary at its end. */
import type { ApplyControl, CheckReport, Summary } from '../../index';
import { EXIT_DONE, EXIT_REJECTS } from './exit';
import { explanationText } from './explain';
import type { FrontFlags } from './flags';
import { messageText } from './message';
import { printable, printableJson } from './printable';
import { progressView } from './progress';
import { checkText, planText, summaryText } from './run-text';
import { messageWidth, screenWidth } from './terminal';

/** The flags that decide how a run is shown. */
export interface RunFlags extends FrontFlags {
  maxRejects?: number | undefined;
}

/** Follows the run that `start` starts to its end, and returns the exit status. */
export async function showRun(
  flags: RunFlags,
  signal: AbortSignal,
  start: (control: ApplyControl) => Promise<Summary>,
): Promise<number> {
  const progress = progressView(flags);
  let warned: readonly string[] = [];
  const onStart = (report: CheckReport) => {
    // The choices are shown before hours of work, not after them.
    if (!flags.quiet) process.stderr.write(planText(printable(report), messageWidth(process.stderr)));
    warn(report.warnings);
    warned = report.warnings;
  };
  try {
    const summary = await start({ signal, onStart, onProgress: progress.update });
    progress.end();
    warn(summary.warnings.filter((warning) => !warned.includes(warning)));
    return endRun(summary, flags);
  } finally {
    progress.end();
  }
}

function endRun(summary: Summary, { json, quiet, maxRejects }: RunFlags): number {
  if (json) process.stdout.write(`${printableJson(summary)}\n`);
  else if (!quiet) process.stdout.write(summaryText(printable(summary), process.stdout));
  if (summary.all_rejected && !summary.shard) {
    return endWithRejects('every row was rejected', summary);
  }
  if (maxRejects === undefined || summary.rejected_rows <= maxRejects) return EXIT_DONE;
  return endWithRejects(`${summary.rejected_rows} rows were rejected, more than --max-rejects ${maxRejects}`, summary);
}

function endWithRejects(what: string, { files }: Summary): number {
  process.stderr.write(messageText(`error: ${what}; see ${files.rejects.file}`));
  return EXIT_REJECTS;
}

/** Shows the result of a dry run, and returns the exit status. */
export function endDryRun(report: CheckReport, { json, quiet }: FrontFlags): number {
  warn(report.warnings);
  const shown = printable(report);
  if (json) process.stdout.write(`${printableJson(report)}\n`);
  else if (!quiet)
    process.stdout.write(checkText(shown, screenWidth()) + explanationText(shown.explanation ?? [], screenWidth()));
  return EXIT_DONE;
}

export function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(messageText(`warning: ${warning}`));
}
