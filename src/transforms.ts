/** What needs neither a run nor a molecule: reading transforms, versions. */
import type { TransformFile, Versions } from '../index';
import { fromNative, invalidOption } from './errors';
import { native } from './native';
import { version } from './version';

export async function loadTransforms(path: string): Promise<TransformFile> {
  if (typeof path !== 'string' || path === '') throw invalidOption('path', 'must be a non-empty string');
  return fromJson<TransformFile>(native().loadTransforms(path));
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
