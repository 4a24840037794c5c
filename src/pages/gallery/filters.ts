/** Filters by rule, by ranges of numbers, by truth values and by matches of queries. */
import { count } from '../../cli/format';
import { element } from '../browser/element';
import type { GalleryData, GalleryMolecule } from './data';
import { shownValue } from './values';

export type Test = (molecule: GalleryMolecule) => boolean;

/** One filter: its controls, and what it lets through. */
interface Filter {
  controls: HTMLElement;
  /** The test that its controls ask for; null if they ask for none. */
  test(): Test | null;
  reset(): void;
}

/** All filters of a gallery. */
export interface Filters {
  /** Their controls; null if there is nothing to filter by. */
  panel: HTMLElement | null;
  /** The tests that a molecule has to pass. */
  tests(): Test[];
  reset(): void;
}

export function filtersOf(data: GalleryData, onChange: () => void): Filters {
  const filters = [ruleFilter(data), ...queryFilters(data), ...columnFilters(data)].filter((each) => each !== null);
  const reset = () => {
    for (const filter of filters) filter.reset();
  };
  const resetButton = element(
    'button',
    {
      type: 'button',
      click: () => {
        reset();
        onChange();
      },
    },
    'Reset filters',
  );
  const panel = element('div', { class: 'filters' }, ...filters.map(({ controls }) => controls), resetButton);
  panel.addEventListener('input', onChange);
  return {
    panel: filters.length > 0 ? panel : null,
    tests: () => filters.map((filter) => filter.test()).filter((test) => test !== null),
    reset,
  };
}

/** A box for each rule; no box checked means all rules. */
function ruleFilter({ molecules }: GalleryData): Filter | null {
  const frequencies = new Map<string, number>();
  for (const { rule } of molecules) if (rule !== null) frequencies.set(rule, (frequencies.get(rule) ?? 0) + 1);
  if (frequencies.size < 2) return null;
  const boxes = [...frequencies].map(([rule, frequency]) => {
    const box = element('input', { type: 'checkbox' });
    const label = element('label', { class: 'choice' }, box, element('span', {}, rule), quiet(count(frequency)));
    return { rule, box, label };
  });
  const labels = boxes.map(({ label }) => label);
  return {
    controls: group('Rule', element('div', { class: 'choices' }, ...labels)),
    test: () => {
      const checked = new Set<string | null>(boxes.filter(({ box }) => box.checked).map(({ rule }) => rule));
      return checked.size > 0 ? ({ rule }) => checked.has(rule) : null;
    },
    reset: () => {
      for (const { box } of boxes) box.checked = false;
    },
  };
}

function queryFilters({ queries }: GalleryData): Filter[] {
  return queries.map((query, index) => {
    const title = element('code', {}, query);
    return choiceFilter(title, `Matches of ${query}`, ['matches', 'no match'], ({ matches }) => matches[index] ?? null);
  });
}

function columnFilters({ columns, molecules }: GalleryData): (Filter | null)[] {
  return columns.map(({ name, type }, index) => {
    const read = ({ values }: GalleryMolecule) => values[index] ?? null;
    if (type === 'number') return rangeFilter(name, molecules, read as (molecule: GalleryMolecule) => number | null);
    if (type === 'boolean') {
      return choiceFilter(name, name, ['true', 'false'], read as (molecule: GalleryMolecule) => boolean | null);
    }
    return null;
  });
}

/** Lets through what is true, what is false, or both. */
function choiceFilter(
  title: string | Node,
  label: string,
  [ifTrue, ifFalse]: [string, string],
  read: (molecule: GalleryMolecule) => boolean | null,
): Filter {
  const names = { any: 'any', true: ifTrue, false: ifFalse };
  const options = Object.entries(names).map(([value, name]) => element('option', { value }, name));
  const chooser = element('select', { 'aria-label': label }, ...options);
  return {
    controls: group(title, chooser),
    test: () => {
      const wanted = chooser.value;
      return wanted === 'any' ? null : (molecule) => String(read(molecule)) === wanted;
    },
    reset: () => {
      chooser.value = 'any';
    },
  };
}

/** Lets through numbers between two limits; null is never between them. */
function rangeFilter(
  name: string,
  molecules: readonly GalleryMolecule[],
  read: (molecule: GalleryMolecule) => number | null,
): Filter | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const molecule of molecules) {
    const value = read(molecule);
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return null;
  const limit = (what: string, bound: number) =>
    element('input', { type: 'number', step: 'any', placeholder: shownValue(bound), 'aria-label': `${name}, ${what}` });
  const [from, to] = [limit('at least', least), limit('at most', most)];
  return {
    controls: group(name, element('span', { class: 'range' }, from, element('span', {}, 'to'), to)),
    test: () => {
      if (from.value === '' && to.value === '') return null;
      const lowest = from.value === '' ? Number.NEGATIVE_INFINITY : from.valueAsNumber;
      const highest = to.value === '' ? Number.POSITIVE_INFINITY : to.valueAsNumber;
      return (molecule) => {
        const value = read(molecule);
        return value !== null && value >= lowest && value <= highest;
      };
    },
    reset: () => {
      from.value = '';
      to.value = '';
    },
  };
}

function group(title: string | Node, controls: Node): HTMLElement {
  return element('fieldset', {}, element('legend', {}, title), controls);
}

function quiet(text: string): HTMLElement {
  return element('span', { class: 'quiet' }, text);
}
