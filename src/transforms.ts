/** Functions that need neither a run nor a molecule: reading transforms, versions. */
import type { TransformFile, Versions } from '../index';
import { fromNative, stoppedCall } from './errors';
import { type Cancellation, native } from './native';
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

/** Like {@link fromJson}, for a call that `signal` stops: its reason is then the cause of the `CancelledError`. */
export async function cancellable<T>(
  signal: AbortSignal | undefined,
  start: (cancellation: Cancellation) => Promise<string>,
): Promise<T> {
  const cancellation = new (native().Cancellation)();
  const cancel = () => cancellation.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return JSON.parse(await start(cancellation)) as T;
  } catch (error) {
    throw fromNative(error, signal?.reason);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** The result of `work`, unless `signal` is aborted first: `work` may then continue, and nobody waits for it. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let hear = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    hear = () => resolve(undefined);
  });
  signal.addEventListener('abort', hear, { once: true });
  try {
    const first = await Promise.race([work.then((result) => ({ result })), aborted]);
    if (!first) throw stoppedCall(signal.reason);
    return first.result;
  } finally {
    signal.removeEventListener('abort', hear);
  }
}
