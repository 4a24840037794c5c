/** Checks rule files, with RDKit in this process. */
import type { CheckRulesControl, CheckRulesOptions, RulesReport, SampleProgress } from '../index';
import { stoppedCall } from './errors';
import { native } from './native';
import { checkProgressControl, toJson } from './options/arguments';
import { cancellable, unlessAborted } from './transforms';

export async function checkRules(options: CheckRulesOptions, control: CheckRulesControl = {}): Promise<RulesReport> {
  const json = toJson('checkRules', options);
  const { signal, onProgress } = checkProgressControl(control);
  if (signal?.aborted) throw stoppedCall(signal.reason);
  const hear = onProgress && ((progress: string) => onProgress(JSON.parse(progress) as SampleProgress));
  const work = cancellable<RulesReport>(signal, (cancellation) => native().checkRules(json, cancellation, hear));
  return unlessAborted(work, signal);
}
