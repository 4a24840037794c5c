/** Samples of tables. RDKit makes the fingerprints of diverse rows and draws the molecules of SDF in this process. */
import type { Path, SampleControl, SampleOptions, SampleSummary, SamplingProgress } from '../index';
import { stoppedCall } from './errors';
import { native } from './native';
import { checkPath, checkProgressControl, toJson } from './options/arguments';
import { packPath } from './paths';
import { cancellable } from './transforms';

export async function sampleTable(
  input: Path,
  options: SampleOptions = {},
  control: SampleControl = {},
): Promise<SampleSummary> {
  checkPath('input', input);
  const json = toJson('sampleTable', options);
  const { signal, onProgress } = checkProgressControl(control);
  if (signal?.aborted) throw stoppedCall(signal.reason);
  const hear = onProgress && ((progress: string) => onProgress(JSON.parse(progress) as SamplingProgress));
  return cancellable<SampleSummary>(signal, (cancellation) =>
    native().sampleTable(packPath(input), json, cancellation, hear),
  );
}
