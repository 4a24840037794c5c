/** Galleries: molecules as HTML that a browser opens without a network. RDKit draws them in this process. */
import type { GalleryControl, GalleryOptions, GalleryProgress, GallerySummary, Path } from '../index';
import { stoppedCall } from './errors';
import { native } from './native';
import { checkPath, checkProgressControl, toJson } from './options/arguments';
import { template } from './pages/template';
import { packPath } from './paths';
import { cancellable } from './transforms';

export async function gallery(
  input: Path,
  options: GalleryOptions = {},
  control: GalleryControl = {},
): Promise<GallerySummary> {
  checkPath('input', input);
  const json = toJson('gallery', options);
  const { signal, onProgress } = checkProgressControl(control);
  if (signal?.aborted) throw stoppedCall(signal.reason);
  const hear = onProgress && ((progress: string) => onProgress(JSON.parse(progress) as GalleryProgress));
  return cancellable<GallerySummary>(signal, (cancellation) =>
    native().gallery(packPath(input), json, template('gallery'), cancellation, hear),
  );
}
