/** Molecules as the rows of a table, of which only those near the screen exist. */
import { element } from '../browser/element';
import { hrefOf, idOf } from './address';
import type { GalleryData, GalleryMolecule } from './data';
import { type Criterion, criteriaOf } from './order';
import type { Selection } from './selection';
import { shownValue } from './values';
import type { View } from './view';

/** The height of a row in pixels, which the style repeats. */
const HEIGHT = 32;
/** The place of the criterion `id`. */
const ID = 1;
/** Rows beyond each edge of the screen. */
const MARGIN = 20;

/** The rows; `onSort` hears of a click on the head of a column, by the place of its criterion. */
export function rows(data: GalleryData, onSort: (criterion: number) => void): View {
  const columns = criteriaOf(data);
  const body = element('div', { class: 'body', role: 'rowgroup' });
  const heads = columns.map(({ label }, criterion) => {
    const head = cell('columnheader', label);
    head.addEventListener('click', () => onSort(criterion));
    return head;
  });
  const head = element('div', { class: 'row head', role: 'row', 'aria-rowindex': 1 }, ...heads);
  const root = element(
    'div',
    { class: 'rows', role: 'grid', 'aria-label': 'Molecules', 'aria-multiselectable': 'true', tabindex: 0 },
    element('div', { class: 'head-group', role: 'rowgroup' }, head),
    body,
  );
  let shown: readonly number[] = [];
  let selection: Selection | null = null;
  let active = -1;
  /** The places of the rows that exist. */
  let existing = { first: 0, end: 0 };

  const moleculeAt = (place: number) => data.molecules[shown[place] as number] as GalleryMolecule;

  function row(place: number): HTMLElement {
    const attributes = {
      class: place === active ? 'row active' : 'row',
      role: 'row',
      id: idOf(moleculeAt(place).row),
      'aria-rowindex': place + 2,
      'aria-selected': isSelected(place),
      'data-place': place,
    };
    return element('div', attributes, ...cells(columns, data, moleculeAt(place)));
  }

  function isSelected(place: number): string {
    return String(selection?.has(shown[place] as number) ?? false);
  }

  /** Makes the rows from `first` up to `end`. */
  function render(first: number, end: number): void {
    existing = { first, end };
    body.style.setProperty('height', `${shown.length * HEIGHT}px`);
    body.style.setProperty('padding-top', `${first * HEIGHT}px`);
    const places = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
    body.replaceChildren(...places.map(row));
  }

  /** Makes the rows on the screen and around it. */
  function renderNearScreen(): void {
    const { first, end } = onScreen();
    render(Math.max(0, first - MARGIN), Math.min(shown.length, end + MARGIN));
  }

  function onScreen(): { first: number; end: number } {
    const first = Math.floor(root.scrollTop / HEIGHT);
    return { first, end: Math.min(shown.length, first + Math.ceil(root.clientHeight / HEIGHT)) };
  }

  function followScreen(): void {
    const { first, end } = onScreen();
    if (first < existing.first || end > existing.end) renderNearScreen();
  }

  root.addEventListener('scroll', followScreen, { passive: true });
  new ResizeObserver(followScreen).observe(root);
  window.addEventListener('beforeprint', () => render(0, shown.length));
  window.addEventListener('afterprint', renderNearScreen);

  return {
    root,
    sort(_, criterion, isDescending) {
      for (const [place, each] of heads.entries()) {
        if (place === criterion) each.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
        else each.removeAttribute('aria-sort');
      }
    },
    show(wanted) {
      shown = wanted;
      root.setAttribute('aria-rowcount', String(shown.length + 1));
      root.scrollTop = 0;
      renderNearScreen();
    },
    mark(changed) {
      selection = changed;
      for (const [index, each] of [...body.children].entries()) {
        each.setAttribute('aria-selected', isSelected(existing.first + index));
      }
    },
    activate(place) {
      body.querySelector('.active')?.classList.remove('active');
      active = place;
      if (place < 0) {
        root.removeAttribute('aria-activedescendant');
        return;
      }
      const top = place * HEIGHT;
      const room = root.clientHeight - 2 * HEIGHT;
      root.scrollTop = Math.min(top, Math.max(root.scrollTop, top - room));
      followScreen();
      body.children[place - existing.first]?.classList.add('active');
      root.setAttribute('aria-activedescendant', idOf(moleculeAt(place).row));
    },
    across: () => 1,
    perScreen: () => Math.max(1, Math.floor(root.clientHeight / HEIGHT) - 2),
    placeOf(node) {
      const place = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>('[data-place]');
      return place ? Number(place.dataset['place']) : null;
    },
  };
}

/** The cells of a molecule; its id leads to its drawing. */
function cells(columns: readonly Criterion[], data: GalleryData, molecule: GalleryMolecule): HTMLElement[] {
  return columns.map((column) => {
    const value = column.read(molecule);
    if (column === columns[ID]) return element('span', { role: 'gridcell' }, link(data, molecule));
    return cell('gridcell', shownValue(value), typeof value === 'number' ? 'figure' : null);
  });
}

function cell(role: string, text: string, kind: string | null = null): HTMLElement {
  return element('span', { role, class: kind, title: text }, text);
}

/** The link to the drawing. */
function link({ files }: GalleryData, { id, row, page }: GalleryMolecule): HTMLElement | string {
  const name = id ?? `row ${row}`;
  const file = page === undefined ? undefined : files[page - 1];
  return file === undefined ? name : element('a', { href: hrefOf(file, row), tabindex: -1, title: name }, name);
}
