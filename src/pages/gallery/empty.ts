/** What stands in place of molecules if none is shown. */
import { element } from '../browser/element';
import type { GalleryData } from './data';

/** A notice, with a button that calls `clear` if search and filters are the reason. */
export function emptyNotice({ molecules, rows }: GalleryData, clear: () => void): HTMLElement {
  if (molecules.length > 0) {
    return notice(
      'No molecule meets the search and the filters.',
      element('button', { type: 'button', click: clear }, 'Clear both'),
    );
  }
  return notice(rows === 0 ? 'The table has no rows, or none that meet --where.' : 'The gallery shows no molecules.');
}

function notice(text: string, ...more: HTMLElement[]): HTMLElement {
  return element('div', { class: 'nothing', hidden: true }, element('p', {}, text), ...more);
}
