/** Galleries: molecules as HTML that a browser opens without a network. RDKit draws them in this process. */
import type { GalleryControl, GalleryOptions, GalleryProgress, GallerySummary, Path } from '../index';
import { native } from './native';
import { template } from './pages/template';
import { callOnTable } from './table-call';

export function gallery(
  input: Path,
  options: GalleryOptions = {},
  control: GalleryControl = {},
): Promise<GallerySummary> {
  return callOnTable<GallerySummary, GalleryProgress>('gallery', input, options, control, (table, json, ...control) =>
    native().gallery(table, json, template('gallery'), ...control),
  );
}
