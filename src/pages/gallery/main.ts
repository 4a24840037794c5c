import './page.css';
import { count } from '../../cli/format';
import { element } from '../browser/element';
import { menu } from '../browser/menu';
import { start } from '../browser/start';
import { idOf } from './address';
import { cards } from './cards';
import { csvMenu } from './csv-menu';
import type { GalleryData, GalleryMolecule } from './data';
import { emptyNotice } from './empty';
import { filtersOf } from './filters';
import { extentText, header } from './header';
import { control } from './keys';
import { criteriaOf } from './order';
import { rows } from './rows';
import { searchIn } from './search';
import { Selection } from './selection';
import { sortingBy } from './sorting';

start<GalleryData>((data) => {
  const { title, molecules, page } = data;
  document.title = page.of > 1 && page.number > 0 ? `${title}, page ${page.number}` : title;

  const selection = new Selection();
  const searched = searchIn(molecules);
  const sorting = sortingBy(criteriaOf(data), molecules, sort);
  const filters = filtersOf(data, update);
  const filterMenu = filters.panel && menu('Filters', filters.panel);
  const status = element('p', { role: 'status', class: 'status' });
  const table = csvMenu(data, chosen, (message) => {
    status.textContent = message;
  });
  const search = element('input', {
    type: 'search',
    placeholder: 'id, SMILES or rule',
    'aria-label': 'Search ids, SMILES and rules',
    'aria-keyshortcuts': '/',
    input: update,
  });
  const view = page.number === 0 ? rows(data, sorting.choose) : cards(data);
  const nothing = emptyNotice(data, () => {
    search.value = '';
    filters.reset();
    update();
  });
  /** The positions of the molecules: all in their order, and those of them that are shown. */
  let order: number[] = [];
  let shown: number[] = [];

  document.body.append(
    header(data, status, [search, ...sorting.controls, filterMenu?.root ?? null, table.root]),
    element('main', { class: page.number === 0 ? 'index' : null }, nothing, view.root),
  );
  const activate = control({ view, selection, search, shown: () => shown, onSelect: report, copy: table.copy });
  sort();
  goToAddress();
  window.addEventListener('hashchange', goToAddress);

  function sort(): void {
    order = sorting.order();
    view.sort(order, sorting.criterion(), sorting.isDescending());
    update();
  }

  /** Shows what search and filters let through. */
  function update(): void {
    const [hasWords, tests] = [searched(search.value), filters.tests()];
    const passes = (molecule: GalleryMolecule) => tests.every((test) => test(molecule));
    shown = order.filter((position) => hasWords(position) && passes(molecules[position] as GalleryMolecule));
    filterMenu?.label(tests.length > 0 ? `Filters (${tests.length})` : 'Filters');
    view.show(shown);
    activate(-1);
    view.root.hidden = shown.length === 0;
    nothing.hidden = shown.length > 0;
    report();
  }

  /** Shows what is selected, and how many molecules that are. */
  function report(): void {
    view.mark(selection);
    const isWhole = shown.length === molecules.length;
    const extent = isWhole ? extentText(data) : `${count(shown.length)} of ${count(molecules.length)}`;
    const selected = `${count(selection.size)} selected`;
    status.textContent = selection.size > 0 ? `${extent}, ${selected}` : extent;
    table.label(selection.size > 0 ? selected : `all ${count(shown.length)} shown`);
  }

  /** The selected molecules in their order; if there are none, those that are shown. */
  function chosen(): GalleryMolecule[] {
    const positions = selection.size > 0 ? order.filter((position) => selection.has(position)) : shown;
    return positions.map((position) => molecules[position] as GalleryMolecule);
  }

  /** Goes to the molecule that the address of the page names, as links from the index do. */
  function goToAddress(): void {
    const place = shown.findIndex((position) => `#${idOf(molecules[position]?.row ?? -1)}` === location.hash);
    if (place < 0) return;
    view.root.focus();
    activate(place);
  }
});
