/** Parents: how many sites and products they have, and which are the most fruitful and the slowest. */
import type { RowsByCount } from '../../../index';
import { count } from '../../cli/format';
import { drawing } from '../browser/drawing';
import { element } from '../browser/element';
import { whenNear } from '../browser/nearby';
import type { ReportData } from './data';
import { percent, time } from './figures';
import { note, section } from './section';

export function parents({ summary, drawings }: ReportData): HTMLElement {
  if (!summary.parents)
    return section('parents', 'Parents', note('An earlier version wrote this summary, without figures of parents.'));
  const { sites, products, most_products, slowest } = summary.parents;
  return section(
    'parents',
    'Parents',
    element(
      'div',
      { class: 'two' },
      distribution('Sites per parent', 'sites', sites),
      distribution('Products per parent', 'products', products),
    ),
    strip(
      'Most products',
      most_products.map((parent, place) => ({
        ...parent,
        figure: `${count(parent.products)} products`,
        drawing: drawings.fruitful[place] ?? null,
      })),
    ),
    strip(
      'Slowest',
      slowest.map((parent, place) => ({
        ...parent,
        figure: time(parent.seconds),
        drawing: drawings.slowest[place] ?? null,
      })),
    ),
  );
}

/** Rows by a number, as bars in a table. */
function distribution(title: string, what: string, groups: readonly RowsByCount[]): HTMLElement {
  const most = Math.max(1, ...groups.map(({ rows }) => rows));
  const total = groups.reduce((sum, { rows }) => sum + rows, 0);
  const lines = groups.map(({ from, to, rows }) => {
    const bar = element('span', { class: 'bar' });
    bar.style.setProperty('width', `${(100 * rows) / most}%`);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, from === to ? count(from) : `${count(from)} to ${count(to)}`),
      element('td', { class: 'bars', 'aria-hidden': 'true' }, bar),
      element('td', { class: 'figure' }, count(rows)),
      element('td', { class: 'figure quiet' }, percent(rows, total)),
    );
  });
  const heads = [what, '', 'rows', 'share'].map((head) =>
    head === '' ? element('td') : element('th', { scope: 'col', class: head === what ? null : 'figure' }, head),
  );
  return element(
    'table',
    { class: 'distribution' },
    element('caption', {}, title),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...lines),
  );
}

/** A parent in a strip. */
interface Listed {
  source_row: number;
  source_id: string | null;
  smiles: string;
  figure: string;
  drawing: string | null;
}

/** How many are shown at once; the rest is folded away. */
const AT_ONCE = 5;

function strip(title: string, listed: readonly Listed[]): HTMLElement | null {
  if (listed.length === 0) return null;
  const list = (some: readonly Listed[], first: number) =>
    element('ol', { class: 'strip', start: first }, ...some.map(parent));
  const rest = listed.slice(AT_ONCE);
  const more = element('details', {}, element('summary', {}, `${rest.length} more`), list(rest, AT_ONCE + 1));
  return element('div', {}, element('h3', {}, title), list(listed.slice(0, AT_ONCE), 1), rest.length > 0 ? more : null);
}

function parent({ source_row, source_id, smiles, figure, drawing: svg }: Listed): HTMLElement {
  const picture = element('div', { class: 'picture' });
  whenNear(picture, () => picture.append(svg === null ? 'no drawing' : drawing(svg, `Parent ${smiles}`)));
  return element(
    'li',
    {},
    picture,
    element('p', {}, element('strong', {}, figure)),
    element('p', {}, source_id ?? `row ${count(source_row)}`),
    smiles === '' ? null : element('p', { class: 'smiles', title: smiles }, smiles),
  );
}
