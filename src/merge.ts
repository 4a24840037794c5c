/** Merges shards into one result. This needs no RDKit, so it runs in this process. */
import type { MergeControl, MergeOptions, Summary } from '../index';
import { listening, runHere } from './apply';
import { cancelledBefore } from './errors';
import { native } from './native';
import { checkControl, toJson } from './options/arguments';
import { shownPath } from './paths';

export async function merge(options: MergeOptions, control: MergeControl = {}): Promise<Summary> {
  const json = toJson('merge', options);
  checkControl(control);
  if (control.signal?.aborted) throw cancelledBefore(shownPath(options.outdir), control.signal.reason);
  return listening(control, (guarded) =>
    runHere(guarded, (cancellation, hear) => native().merge(json, cancellation, hear)),
  );
}
