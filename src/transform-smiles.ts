/** A few molecules at a time, with RDKit in this process or in a child. */
import type { MoleculeResult, TransformOptions, TransformSpec } from '../index';
import { stoppedCall } from './errors';
import { superviseMolecules } from './isolation/molecules';
import { native } from './native';
import { checkSmiles, toCallOptions, toNativeTransform } from './options/arguments';
import { cancellable, unlessAborted } from './transforms';

export async function transformSmiles(
  smiles: string,
  transform: TransformSpec,
  options?: TransformOptions,
): Promise<MoleculeResult>;
export async function transformSmiles(
  smiles: readonly string[],
  transform: TransformSpec,
  options?: TransformOptions,
): Promise<MoleculeResult[]>;
export async function transformSmiles(
  smiles: string | readonly string[],
  transform: TransformSpec,
  given: TransformOptions = {},
): Promise<MoleculeResult | MoleculeResult[] | undefined> {
  checkSmiles(smiles);
  const { signal, options, molTimeoutSeconds } = toCallOptions(given);
  const task = {
    smiles: typeof smiles === 'string' ? [smiles] : [...smiles],
    transform: toNativeTransform(transform),
    options,
  };
  if (signal?.aborted) throw stoppedCall(signal.reason);

  const work =
    molTimeoutSeconds === undefined
      ? cancellable<MoleculeResult[]>(signal, (cancellation) =>
          native().transformSmiles(task.smiles, task.transform, options, cancellation),
        )
      : superviseMolecules({ ...task, molTimeoutSeconds }, signal);
  const results = await unlessAborted(work, signal);
  return typeof smiles === 'string' ? results[0] : results;
}
