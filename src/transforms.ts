/** Functions that need neither a run nor a molecule: reading transforms, versions. */
import type { TransformFile, Versions } from '../index';
import { fromNative } from './errors';
import { native } from './native';
import { checkPath } from './options/arguments';
import { packPath } from './paths';
import { version } from './version';

export async function loadTransforms(path: string | Uint8Array): Promise<TransformFile> {
  checkPath('path', path);
  return fromJson<TransformFile>(native().loadTransforms(packPath(path)));
}

export function versions(): Versions {
  const { engineVersion } = native();
  try {
    return { xform_native: version, engine: JSON.parse(engineVersion()) as Versions['engine'] };
  } catch (error) {
    throw fromNative(error);
  }
}

/** Parses the JSON that the addon resolves to, and gives its errors their classes. */
export async function fromJson<T>(answer: Promise<string>): Promise<T> {
  try {
    return JSON.parse(await answer) as T;
  } catch (error) {
    throw fromNative(error);
  }
}
