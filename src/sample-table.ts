/** Samples of tables. RDKit makes the fingerprints of diverse rows and draws the molecules of SDF in this process. */
import type { Path, SampleControl, SampleOptions, SampleSummary, SamplingProgress } from '../index';
import { native } from './native';
import { callOnTable } from './table-call';

export function sampleTable(
  input: Path,
  options: SampleOptions = {},
  control: SampleControl = {},
): Promise<SampleSummary> {
  return callOnTable<SampleSummary, SamplingProgress>('sampleTable', input, options, control, (...call) =>
    native().sampleTable(...call),
  );
}
