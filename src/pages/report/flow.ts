/** The counts as a flow: each equation is a bar of its terms, and what is kept of it widens into the next bar. */
import type { Summary, Sums } from '../../../index';
import { count } from '../../cli/format';
import { type Equation, equationsOf, type Term } from '../../equations';
import { element, shape } from '../browser/element';
import type { ReportData } from './data';
import { percent } from './figures';
import { note, section } from './section';

/** Units of the drawing, which is stretched to the width of the page. */
const WIDTH = 1000;
const BAR = 26;
const STEP = 72;
/** Between two terms of a bar. */
const GAP = 2;
/** The least width of a term that is not zero. */
const LEAST = 3;

export function flow({ summary }: ReportData): HTMLElement {
  const equations = equationsOf(summary.sums, summary);
  const levels = equations.map((equation, place) => level(equation, place < equations.length - 1));
  const severals = summary.transforms.length > 1 ? 'All rules together; each row counts once. ' : '';
  return section(
    'flow',
    'From rows to products',
    element('div', { class: 'flow' }, ...levels.flat()),
    note(`${severals}${details(summary.sums)}`),
    clauses(summary),
  );
}

function level(equation: Equation, leadsOn: boolean): HTMLElement[] {
  const terms = equation.terms
    .filter(({ value, fate }) => value > 0 || fate === 'kept')
    .map((term) => element('span', { class: `term ${classOf(term)}` }, `${count(term.value)} ${term.what}`));
  const sum = terms.flatMap((term, place) => (place === 0 ? [term] : [' + ', term]));
  const text = element(
    'p',
    { class: 'equation' },
    element('strong', {}, `${count(equation.total)} ${equation.name}`),
    ' = ',
    ...sum,
  );
  return [text, element('div', { class: 'bar' }, bar(equation, leadsOn))];
}

function bar({ name, total, terms }: Equation, leadsOn: boolean): SVGElement {
  const height = leadsOn ? STEP : BAR;
  const made = shape('svg', { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  made.style.setProperty('height', `${height}px`);
  for (const { term, from, to } of spans(terms, total)) {
    const what = shape(
      'title',
      {},
      `${count(term.value)} of ${count(total)} ${name}: ${term.what}, ${percent(term.value, total)}`,
    );
    made.append(shape('rect', { class: classOf(term), x: from, y: 0, width: to - from, height: BAR }, what));
    if (leadsOn && term.fate === 'kept') made.append(ribbon(from, to));
  }
  return made;
}

/** Where each term lies in the bar. Terms of a few rows stay visible. */
function spans(terms: readonly Term[], total: number): { term: Term; from: number; to: number }[] {
  const present = terms.filter(({ value }) => value > 0);
  const widths = present.map(({ value }) => Math.max(LEAST, (value / total) * WIDTH));
  const room = WIDTH - GAP * Math.max(0, present.length - 1);
  const scale = room / widths.reduce((sum, width) => sum + width, 0);
  let from = 0;
  return present.map((term, place) => {
    const to = from + (widths[place] ?? 0) * scale;
    const span = { term, from, to };
    from = to + GAP;
    return span;
  });
}

/** From a term down to the full width of the next bar. */
function ribbon(from: number, to: number): SVGElement {
  const middle = (BAR + STEP) / 2;
  const left = `M${from},${BAR} C${from},${middle} 0,${middle} 0,${STEP}`;
  const right = `L${WIDTH},${STEP} C${WIDTH},${middle} ${to},${middle} ${to},${BAR}`;
  return shape('path', { class: 'ribbon', d: `${left} ${right} Z` });
}

function classOf({ fate }: Term): string {
  return fate.replace(' ', '-');
}

/** What the equations put together. */
function details(sums: Sums): string {
  const excluded = [
    [sums.sites_excluded_query, 'by a query'],
    [sums.sites_excluded_not_smarts, 'by not_smarts'],
    [sums.sites_excluded_sugar, 'in sugars'],
    [sums.sites_excluded_limit, 'beyond the limit of sites'],
  ] as const;
  const parts = excluded.filter(([value]) => value > 0).map(([value, why]) => `${count(value)} ${why}`);
  return parts.length > 0 ? `Excluded sites: ${parts.join(', ')}.` : '';
}

/** What each clause of the filter took out. */
function clauses({ filtered_by_clause }: Pick<Summary, 'filtered_by_clause'>): HTMLElement | null {
  if (!filtered_by_clause) return null;
  const lines = filtered_by_clause.map(({ clause, filtered }) =>
    element('li', {}, `${count(filtered)} products do not meet `, element('code', {}, clause)),
  );
  return element('ul', { class: 'quiet' }, ...lines);
}
