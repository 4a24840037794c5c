/** Merges shards into one result. This needs no RDKit, so it runs in this process. */
import { existsSync } from 'node:fs';
import type { MergeControl, MergeOptions, Summary } from '../index';
import { listening, runHere } from './apply';
import { cancelledBefore } from './errors';
import { native } from './native';
import { checkControl, toJson } from './options/arguments';
import { packPath, pathForNode, shownPath } from './paths';
import { reportFile, reportRun } from './report';
import { refuseTaken } from './whole-file';

export async function merge(options: MergeOptions, control: MergeControl = {}): Promise<Summary> {
  const json = toJson('merge', options);
  checkControl(control);
  if (control.signal?.aborted) throw cancelledBefore(shownPath(options.outdir), control.signal.reason);
  refuseExisting(options);
  const summary = await listening(control, (guarded) =>
    runHere(guarded, (cancellation, hear) => native().merge(json, cancellation, hear)),
  );
  return reportRun(summary, options, control.signal);
}

/** Refuses to replace a file that no merge has written: a report comes after the summary. */
function refuseExisting({ outdir, force, report }: MergeOptions): void {
  if (!report || existsSync(pathForNode(`${packPath(outdir)}/SUMMARY.json`))) return;
  refuseTaken(reportFile(outdir), force === true, 'folder');
}
