/** The menu that copies and saves molecules as CSV. */
import { element } from '../browser/element';
import { copy, save } from '../browser/handing-out';
import { menu } from '../browser/menu';
import { csv } from './csv';
import type { GalleryData, GalleryMolecule } from './data';

export interface CsvMenu {
  root: HTMLElement;
  /** Names the molecules that the next copy has, such as `2 selected`. */
  label(what: string): void;
  copy(): void;
}

/** A menu for the molecules that `chosen` returns; `report` hears what has been copied, or why not. */
export function csvMenu(
  data: GalleryData,
  chosen: () => GalleryMolecule[],
  report: (message: string) => void,
): CsvMenu {
  const guard = element('input', { type: 'checkbox' });
  const copyButton = element('button', { type: 'button', click: copyText });
  const saveButton = element('button', { type: 'button', click: saveText });
  const guardLabel = element('label', { class: 'choice' }, guard, element('span', {}, 'guard against formulas'));
  const { root } = menu('CSV', element('div', { class: 'actions' }, copyButton, saveButton), guardLabel);
  let named = '';

  function text(): string {
    return csv(data, chosen(), guard.checked);
  }

  function copyText(): void {
    const what = named;
    copy(text()).then(
      () => report(`copied ${what}`),
      (error: Error) => report(error.message),
    );
  }

  function saveText(): void {
    save(text(), `${data.title}.csv`, 'text/csv');
  }

  return {
    root,
    label(what) {
      named = what;
      copyButton.textContent = `Copy ${what}`;
      saveButton.textContent = `Save ${what}`;
    },
    copy: copyText,
  };
}
