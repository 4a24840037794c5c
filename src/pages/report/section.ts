/** A part of the report with a heading. */
import { element } from '../browser/element';

export function section(id: string, title: string, ...content: (Node | string | null)[]): HTMLElement {
  const heading = `${id}-heading`;
  return element('section', { id, 'aria-labelledby': heading }, element('h2', { id: heading }, title), ...content);
}

/** A sentence about a figure, or in place of one. */
export function note(...content: (Node | string)[]): HTMLElement {
  return element('p', { class: 'quiet' }, ...content);
}
