/** Transforms tried on a few molecules, with RDKit in this process. */
import type { MoleculeTrial, TryControl, TryOptions } from '../index';
import { stoppedCall } from './errors';
import { native } from './native';
import { checkSmiles, checkTryControl, toJson } from './options/arguments';
import { cancellable, unlessAborted } from './transforms';

export async function tryTransform(
  smiles: string | readonly string[],
  options: TryOptions,
  control: TryControl = {},
): Promise<MoleculeTrial[]> {
  checkSmiles(smiles);
  const json = toJson('tryTransform', options);
  const { signal, svg = false } = checkTryControl(control);
  const molecules = typeof smiles === 'string' ? [smiles] : [...smiles];
  if (signal?.aborted) throw stoppedCall(signal.reason);
  const work = cancellable<MoleculeTrial[]>(signal, (cancellation) =>
    native().tryTransform(molecules, json, svg, cancellation),
  );
  return unlessAborted(work, signal);
}
