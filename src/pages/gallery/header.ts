/** The head of the page: its title, what it shows, and its controls. */
import { count } from '../../cli/format';
import { element } from '../browser/element';
import { menu } from '../browser/menu';
import { themeSwitch } from '../browser/theme';
import type { GalleryData } from './data';
import { KEYS } from './keys';
import { pageLinks } from './page-links';

export function header(data: GalleryData, status: HTMLElement, controls: readonly (HTMLElement | null)[]): HTMLElement {
  const title = element('h1', {}, data.title);
  const tools = { class: 'line no-print', role: 'toolbar', 'aria-label': 'Search, order and selection' };
  return element(
    'header',
    { class: 'top' },
    element('div', { class: 'line' }, title, status, element('div', { class: 'aside' }, themeSwitch())),
    element('div', tools, ...controls, menu('Keys', keyHelp()).root),
    pageLinks(data),
  );
}

/** How many molecules there are, and of how many they are a part. */
export function extentText({ molecules, rows, shown, page }: GalleryData): string {
  const own = `${count(molecules.length)} molecules`;
  if (page.number > 0 && page.of > 1) return `page ${page.number} of ${page.of}, ${own}`;
  return rows > shown ? `the first ${own} of ${count(rows)}` : own;
}

function keyHelp(): HTMLElement {
  const lines = KEYS.map(([key, what]) =>
    element('div', {}, element('dt', {}, element('kbd', {}, key)), element('dd', {}, what)),
  );
  return element('dl', { class: 'keys' }, ...lines);
}
