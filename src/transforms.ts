/** What needs no run: reading transforms, a few molecules, versions. */
import type { MoleculeResult, TransformFile, TransformSpec, Versions } from '../index';
import { fromNative, invalidOption } from './errors';
import { native } from './native';
import { checkSmiles, toNativeTransform } from './options';
import { version } from './version';

export async function loadTransforms(path: string): Promise<TransformFile> {
  if (typeof path !== 'string' || path === '') throw invalidOption('path', 'must be a non-empty string');
  return fromJson<TransformFile>(native().loadTransforms(path));
}

export async function transformSmiles(smiles: string, transform: TransformSpec): Promise<MoleculeResult>;
export async function transformSmiles(smiles: readonly string[], transform: TransformSpec): Promise<MoleculeResult[]>;
export async function transformSmiles(
  smiles: string | readonly string[],
  transform: TransformSpec,
): Promise<MoleculeResult | MoleculeResult[] | undefined> {
  checkSmiles(smiles);
  const list = typeof smiles === 'string' ? [smiles] : [...smiles];
  const results = await fromJson<MoleculeResult[]>(native().transformSmiles(list, toNativeTransform(transform)));
  return typeof smiles === 'string' ? results[0] : results;
}

export function versions(): Versions {
  const { engineVersion } = native();
  try {
    return { xform_native: version, engine: JSON.parse(engineVersion()) as Versions['engine'] };
  } catch (error) {
    throw fromNative(error);
  }
}

/** Parses what the addon resolves to, and gives its errors their classes. */
export async function fromJson<T>(answer: Promise<string>): Promise<T> {
  try {
    return JSON.parse(await answer) as T;
  } catch (error) {
    throw fromNative(error);
  }
}
