/** A button that opens a panel below it. */
import { element } from './element';

export interface Menu {
  root: HTMLDetailsElement;
  /** Changes the text of the button. */
  label(text: string): void;
}

/** Escape and a click elsewhere close the panel. */
export function menu(label: string, ...content: Node[]): Menu {
  const summary = element('summary', {}, label);
  const root = element('details', { class: 'menu' }, summary, element('div', { class: 'panel' }, ...content));
  document.addEventListener('pointerdown', ({ target }) => {
    if (!root.contains(target as Node)) root.open = false;
  });
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !root.open) return;
    event.stopPropagation();
    root.open = false;
    summary.focus();
  });
  const setLabel = (text: string) => {
    summary.textContent = text;
  };
  return { root, label: setLabel };
}
