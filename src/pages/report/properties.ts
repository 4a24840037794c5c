/** Histograms of the products' properties. */
import { count } from '../../cli/format';
import { element, shape } from '../browser/element';
import type { PropertyDistribution, ReportData } from './data';
import { measure } from './figures';
import { section } from './section';

const WIDTH = 300;
const HEIGHT = 90;

/** The histograms; null if no properties were computed. */
export function properties({ properties: all }: ReportData): HTMLElement | null {
  if (all.length === 0) return null;
  return section(
    'properties',
    'Properties of the products',
    element('div', { class: 'histograms' }, ...all.map(histogram)),
  );
}

function histogram(property: PropertyDistribution): HTMLElement {
  const { name, unit, values, nulls, min, max, mean } = property;
  const title = unit === null ? name : `${name} (${unit})`;
  if (values === 0)
    return element(
      'figure',
      {},
      element('figcaption', {}, element('h3', {}, title), element('p', { class: 'quiet' }, 'no values')),
    );
  const facts = [`mean ${measure(mean)}`, ...(nulls > 0 ? [`${count(nulls)} without a value`] : [])];
  const label = `${title}: ${measure(min)} to ${measure(max)}, ${facts.join(', ')}`;
  return element(
    'figure',
    {},
    element('figcaption', {}, element('h3', {}, title), element('p', { class: 'quiet' }, facts.join(', '))),
    element('div', { role: 'img', 'aria-label': label }, columns(property)),
    element(
      'p',
      { class: 'range quiet', 'aria-hidden': 'true' },
      element('span', {}, measure(min)),
      element('span', {}, measure(max)),
    ),
  );
}

function columns({ bins, min, max, mean }: PropertyDistribution): SVGElement {
  const made = shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none' });
  const most = Math.max(1, ...bins.map(({ products }) => products));
  const width = WIDTH / Math.max(1, bins.length);
  for (const [place, { from, to, products }] of bins.entries()) {
    const height = (products / most) * HEIGHT;
    const what = shape('title', {}, `${measure(from)} to ${measure(to)}: ${count(products)} products`);
    const x = place * width + 0.5;
    made.append(shape('rect', { x, y: HEIGHT - height, width: Math.max(0.5, width - 1), height }, what));
  }
  const middle = max > min ? ((mean - min) / (max - min)) * WIDTH : WIDTH / 2;
  made.append(shape('line', { class: 'mean', x1: middle, x2: middle, y1: 0, y2: HEIGHT }));
  return made;
}
