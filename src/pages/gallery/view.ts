/** Something that shows molecules in an order: cards with drawings, or the rows of an index. */
import type { Selection } from './selection';

export interface View {
  /** What has the focus; the active molecule is named by its `aria-activedescendant`. */
  readonly root: HTMLElement;
  /** Puts all molecules, by their positions in the data, into this order, which is by the criterion at that place. */
  sort(order: readonly number[], criterion: number, isDescending: boolean): void;
  /** Shows these molecules only, a part of that order. */
  show(shown: readonly number[]): void;
  /** Shows which molecules are selected. */
  mark(selection: Selection): void;
  /** Makes a molecule of `shown` the active one, and scrolls to it. */
  activate(place: number): void;
  /** The molecules side by side. */
  across(): number;
  /** The molecules that fit the screen. */
  perScreen(): number;
  /** The place in `shown` of the molecule at a node of the view; null if there is none. */
  placeOf(node: Node): number | null;
}
