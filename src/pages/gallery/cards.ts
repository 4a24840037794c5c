/** Molecules as cards: the parent and the product side by side, above what is known of the product. */
import { drawing } from '../browser/drawing';
import { element } from '../browser/element';
import { whenNear } from '../browser/nearby';
import { idOf } from './address';
import type { GalleryData, GalleryMolecule } from './data';
import type { Selection } from './selection';
import { shownValue } from './values';
import type { View } from './view';

export function cards(data: GalleryData): View {
  const all = data.molecules.map((molecule) => card(data, molecule));
  const root = element('div', {
    class: 'cards',
    role: 'listbox',
    'aria-label': 'Molecules',
    'aria-multiselectable': 'true',
    tabindex: 0,
  });
  let visible: HTMLElement[] = [];

  return {
    root,
    sort(order) {
      root.replaceChildren(...order.map((position) => all[position] as HTMLElement));
    },
    show(shown) {
      const wanted = new Set(shown);
      for (const [position, each] of all.entries()) each.hidden = !wanted.has(position);
      visible = shown.map((position) => all[position] as HTMLElement);
    },
    mark(selection: Selection) {
      for (const [position, each] of all.entries()) each.setAttribute('aria-selected', String(selection.has(position)));
    },
    activate(place) {
      root.querySelector('.active')?.classList.remove('active');
      const active = visible[place];
      if (!active) {
        root.removeAttribute('aria-activedescendant');
        return;
      }
      active.classList.add('active');
      active.scrollIntoView({ block: 'nearest' });
      root.setAttribute('aria-activedescendant', active.id);
    },
    across() {
      const top = visible[0]?.offsetTop;
      const next = visible.findIndex((each) => each.offsetTop !== top);
      return next < 0 ? Math.max(1, visible.length) : next;
    },
    perScreen() {
      const height = visible[0]?.offsetHeight || 1;
      return this.across() * Math.max(1, Math.floor(window.innerHeight / height));
    },
    placeOf(node) {
      const place = visible.findIndex((each) => each.contains(node));
      return place < 0 ? null : place;
    },
  };
}

function card(data: GalleryData, molecule: GalleryMolecule): HTMLElement {
  const made = element('div', {
    class: 'card',
    role: 'option',
    id: idOf(molecule.row),
    'aria-selected': 'false',
    'aria-label': nameOf(molecule),
  });
  whenNear(made, () => {
    made.append(...content(data, molecule));
    made.removeAttribute('aria-label'); // its text is its name
  });
  return made;
}

function nameOf({ id, row }: GalleryMolecule): string {
  return id ?? `row ${row}`;
}

function content(data: GalleryData, molecule: GalleryMolecule): HTMLElement[] {
  const { smiles, rule, parent, fault } = molecule;
  return [
    pair(molecule),
    element('p', { class: 'name' }, element('strong', {}, nameOf(molecule)), rule && element('span', {}, rule)),
    ...(parent ? [element('p', { class: 'quiet' }, `from ${parent.id ?? parent.smiles}`)] : []),
    element('p', { class: 'smiles', title: smiles }, smiles),
    values(data, molecule),
    ...(fault === undefined ? [] : [element('p', { class: 'fault' }, fault)]),
  ];
}

/** The drawings; text in place of one that is missing. */
function pair({ smiles, parent, drawing: product, parent_drawing }: GalleryMolecule): HTMLElement {
  const panel = (svg: string | undefined, alt: string) =>
    element('div', { class: 'panel' }, svg === undefined ? 'no drawing' : drawing(svg, alt));
  if (!parent) return element('div', { class: 'pair alone' }, panel(product, `Molecule ${smiles}`));
  return element(
    'div',
    { class: 'pair' },
    panel(parent_drawing, `Parent ${parent.smiles}`),
    element('span', { class: 'arrow', 'aria-hidden': 'true' }, '→'),
    panel(product, `Product ${smiles}`),
  );
}

/** The values of its columns, and the queries that it matches. */
function values({ columns, queries }: GalleryData, { values: all, matches }: GalleryMolecule): HTMLElement {
  const named = columns.map(({ name }, index): [string, string] => [name, shownValue(all[index] ?? null)]);
  const matched = queries.filter((_, index) => matches[index]).map((query): [string, string] => ['matches', query]);
  const lines = [...named, ...matched]
    .filter(([, text]) => text !== '')
    .map(([name, text]) => element('div', {}, element('dt', {}, name), element('dd', {}, text)));
  return element('dl', { class: 'values' }, ...lines);
}
