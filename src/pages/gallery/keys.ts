/** The keyboard, and the mouse where it does the same. */
import type { Selection } from './selection';
import type { View } from './view';

/** What keys act on. */
export interface Controlled {
  view: View;
  selection: Selection;
  search: HTMLInputElement;
  /** The positions of the molecules that are shown, in their order. */
  shown(): readonly number[];
  /** Called after the selection has changed. */
  onSelect(): void;
  copy(): void;
}

/** The keys, for the page's help. */
export const KEYS = [
  ['/', 'search'],
  ['arrows, Home, End, Page', 'move'],
  ['Space', 'select'],
  ['Shift + Space, Shift + click', 'select up to here'],
  ['Ctrl + A', 'select all that are shown'],
  ['Ctrl + C', 'copy the selected as CSV'],
  ['Escape', 'clear the search, then the selection'],
] as const;

/** Listens to keys and clicks; returns a function that makes the molecule at a place the active one. */
export function control({ view, selection, search, shown, onSelect, copy }: Controlled): (place: number) => void {
  let active = -1;

  function activate(place: number): void {
    active = place;
    view.activate(place);
  }

  function move(by: number, extends_: boolean): void {
    if (shown().length === 0) return;
    const from = active;
    activate(Math.min(shown().length - 1, Math.max(0, active < 0 && Number.isFinite(by) ? 0 : active + by)));
    if (!extends_) return;
    if (selection.size === 0 && from >= 0) selection.extendTo(shown()[from] as number, shown());
    selection.extendTo(shown()[active] as number, shown());
    onSelect();
  }

  function choose(place: number, extends_: boolean): void {
    const position = shown()[place];
    if (position === undefined) return;
    if (extends_) selection.extendTo(position, shown());
    else selection.toggle(position);
    onSelect();
  }

  function clear(): void {
    selection.clear();
    onSelect();
  }

  const inView: Record<string, (event: KeyboardEvent) => void> = {
    ArrowLeft: ({ shiftKey }) => move(-1, shiftKey),
    ArrowRight: ({ shiftKey }) => move(1, shiftKey),
    ArrowUp: ({ shiftKey }) => move(-view.across(), shiftKey),
    ArrowDown: ({ shiftKey }) => move(view.across(), shiftKey),
    PageUp: ({ shiftKey }) => move(-view.perScreen(), shiftKey),
    PageDown: ({ shiftKey }) => move(view.perScreen(), shiftKey),
    Home: ({ shiftKey }) => move(Number.NEGATIVE_INFINITY, shiftKey),
    End: ({ shiftKey }) => move(Number.POSITIVE_INFINITY, shiftKey),
    ' ': ({ shiftKey }) => choose(active, shiftKey),
    Enter: () => view.root.querySelector<HTMLAnchorElement>('.active a')?.click(),
    Escape: clear,
  };
  const inViewWithControl: Record<string, () => void> = {
    a: () => {
      selection.add(shown());
      onSelect();
    },
    c: copy,
  };

  function act(event: KeyboardEvent): void {
    const hasControl = event.ctrlKey || event.metaKey;
    const action = hasControl ? inViewWithControl[event.key.toLowerCase()] : inView[event.key];
    if (!action || event.altKey || (hasControl && event.key.toLowerCase() === 'c' && isTextSelected())) return;
    event.preventDefault();
    action(event);
  }

  view.root.addEventListener('keydown', act);
  view.root.addEventListener('click', ({ target, shiftKey }) => {
    const node = target as Element;
    const place = view.placeOf(node);
    if (place === null || node.closest('a') || isTextSelected()) return;
    activate(place);
    choose(place, shiftKey);
  });
  view.root.addEventListener('mousedown', (event) => {
    if (event.shiftKey) event.preventDefault(); // a range of molecules, not of text
  });
  view.root.addEventListener('focus', () => {
    if (active < 0 && view.root.matches(':focus-visible')) move(0, false);
  });
  document.addEventListener('keydown', (event) => {
    if (event.target === document.body && (event.ctrlKey || event.metaKey)) act(event);
    const isTyping = (event.target as Element).matches('input:not([type="checkbox"]), select, textarea');
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  search.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' && key !== 'Enter') return;
    if (key === 'Escape' && search.value !== '') {
      search.value = '';
      search.dispatchEvent(new Event('input', { bubbles: true }));
    } else view.root.focus();
  });
  return activate;
}

function isTextSelected(): boolean {
  return getSelection()?.type === 'Range';
}
