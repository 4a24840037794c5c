/** Tables of text and figures, which scroll sideways by themselves if they are too wide. */
import { element } from './element';

export interface Column<Row> {
  head: string;
  /** What a cell shows. */
  cell(row: Row): string | Node;
  /** What its rows are sorted by, if a reader may sort by this column; numbers are set to the right. */
  sortBy?(row: Row): number | string;
  /** How its cells look: sentences, or text that may be broken anywhere, such as checksums. */
  kind?: 'text' | 'code';
}

/** A table with the name `label`. The first column heads the rows. */
export function table<Row>(label: string, columns: readonly Column<Row>[], rows: readonly Row[]): HTMLElement {
  const heads = columns.map(({ head }) => element('th', { scope: 'col' }, head));
  const body = element('tbody');
  const fill = (sorted: readonly Row[]) => body.replaceChildren(...sorted.map((row) => line(columns, row)));
  for (const [place, { head, sortBy }] of columns.entries()) {
    if (sortBy) heads[place]?.replaceChildren(sortButton(head, () => fill(sortedRows(heads, place, sortBy, rows))));
  }
  for (const [place, { sortBy }] of columns.entries()) {
    if (rows[0] && typeof sortBy?.(rows[0]) === 'number') heads[place]?.classList.add('figure');
  }
  fill(rows);
  const made = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), body);
  return element('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 }, made);
}

function line<Row>(columns: readonly Column<Row>[], row: Row): HTMLElement {
  const cells = columns.map(({ cell, sortBy, kind: look }, place) => {
    const kind = typeof sortBy?.(row) === 'number' ? 'figure' : (look ?? null);
    return place === 0
      ? element('th', { scope: 'row', class: kind }, cell(row))
      : element('td', { class: kind }, cell(row));
  });
  return element('tr', {}, ...cells);
}

function sortButton(head: string, click: () => void): HTMLElement {
  return element('button', { type: 'button', class: 'sort', click }, head);
}

/** The rows sorted by a column: numbers from the largest and text from A, then the other way round. */
function sortedRows<Row>(
  heads: readonly HTMLElement[],
  place: number,
  sortBy: (row: Row) => number | string,
  rows: readonly Row[],
): Row[] {
  const head = heads[place];
  const first = rows[0] && typeof sortBy(rows[0]) === 'number' ? 'descending' : 'ascending';
  const second = first === 'ascending' ? 'descending' : 'ascending';
  const direction = head?.getAttribute('aria-sort') === first ? second : first;
  for (const other of heads) other.removeAttribute('aria-sort');
  head?.setAttribute('aria-sort', direction);
  const sign = direction === 'ascending' ? 1 : -1;
  return [...rows].sort((left, right) => {
    const [a, b] = [sortBy(left), sortBy(right)];
    return sign * (typeof a === 'number' ? a - Number(b) : a.localeCompare(String(b), 'en', { numeric: true }));
  });
}
