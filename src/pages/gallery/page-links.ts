/** Links between the pages of a gallery. */
import { element } from '../browser/element';
import { hrefOf } from './address';
import type { GalleryData } from './data';

/** The index, and the numbered pages; null if there is only one page. */
export function pageLinks({ page, files, index }: GalleryData): HTMLElement | null {
  if (page.of < 2) return null;
  const pages = files.map((file, place) => link(String(place + 1), hrefOf(file), page.number === place + 1));
  const all = index === null ? pages : [link('index', hrefOf(index), false), ...pages];
  return element('nav', { class: 'pages no-print', 'aria-label': 'Pages' }, element('span', {}, 'pages'), ...all);
}

function link(text: string, href: string, isCurrent: boolean): HTMLElement {
  return element('a', { href, 'aria-current': isCurrent ? 'page' : null }, text);
}
