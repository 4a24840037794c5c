/** The controls of the order. */
import { element } from '../browser/element';
import type { GalleryMolecule } from './data';
import { type Criterion, sorted } from './order';

export interface Sorting {
  controls: HTMLElement[];
  /** The place of the criterion that is chosen. */
  criterion(): number;
  isDescending(): boolean;
  /** The positions of all molecules in the order that is chosen. */
  order(): number[];
  /** Chooses a criterion; the one that is chosen turns round. */
  choose(criterion: number): void;
}

export function sortingBy(
  criteria: readonly Criterion[],
  molecules: readonly GalleryMolecule[],
  onChange: () => void,
): Sorting {
  const chooser = element(
    'select',
    { 'aria-label': 'Sort by', change: onChange },
    ...criteria.map(({ label }, place) => element('option', { value: place }, `by ${label}`)),
  );
  const direction = element('button', { type: 'button', 'aria-pressed': 'false', click: turn }, 'descending');
  const isDescending = () => direction.getAttribute('aria-pressed') === 'true';

  function set(criterion: number, descending: boolean): void {
    chooser.value = String(criterion);
    direction.setAttribute('aria-pressed', String(descending));
    onChange();
  }

  function turn(): void {
    set(chooser.selectedIndex, !isDescending());
  }

  return {
    controls: [chooser, direction],
    criterion: () => chooser.selectedIndex,
    isDescending,
    order: () => sorted(molecules, criteria[chooser.selectedIndex] as Criterion, isDescending()),
    choose: (criterion) => set(criterion, criterion === chooser.selectedIndex && !isDescending()),
  };
}
