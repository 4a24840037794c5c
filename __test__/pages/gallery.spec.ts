// The gallery in a browser, with made data: what is shown, searched, sorted, filtered, selected and copied.
import { readFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import type { GalleryData, GalleryMolecule } from '../../dist/pages/gallery/data';
import {
  accessibilityFaults,
  changeColours,
  drawings,
  isDrawn,
  openPage,
  overhang,
  testsOfPages,
  type Watched,
} from './browser';

const { test, browser } = testsOfPages();

const PHENOL = { id: 'P-1', smiles: 'Oc1ccccc1' };

function molecule(row: number, changes: Partial<GalleryMolecule> = {}): GalleryMolecule {
  return {
    row,
    id: `P-1.${row}`,
    smiles: 'COc1ccccc1',
    rule: 'OMe',
    parent: PHENOL,
    values: [108.14 + row, row % 2 === 0, 'plants', [0, 1]],
    matches: [true],
    drawing: drawings.anisole,
    parent_drawing: drawings.phenol,
    ...changes,
  };
}

function gallery(molecules: GalleryMolecule[], changes: Partial<GalleryData> = {}): GalleryData {
  return {
    title: 'out',
    rows: molecules.length,
    shown: molecules.length,
    columns: [
      { name: 'MW', type: 'number' },
      { name: 'light', type: 'boolean' },
      { name: 'source', type: 'text' },
      { name: 'xf_site_atoms', type: 'list' },
    ],
    queries: ['cOC'],
    page: { number: 1, of: 1 },
    files: [],
    index: null,
    molecules,
    ...changes,
  };
}

/** Five molecules: two rules, a value that is missing, one without a parent. */
const FIVE = gallery([
  molecule(0),
  molecule(1, { smiles: 'Fc1ccccc1', rule: 'F', drawing: drawings.fluorobenzene, matches: [false] }),
  molecule(2, { id: 'P-1.10', values: [null, null, null, null] }),
  molecule(3, { id: null, parent: null, rule: null, smiles: 'CCO', matches: [false] }),
  molecule(4, { rule: 'F', smiles: 'Clc1ccccc1', values: [99.5, false, 'a,"b"\nc', [1, null]] }),
]);

const open = (t: ExecutionContext<Watched>, data: GalleryData, options = {}) =>
  openPage(t, browser(), 'gallery', data, options);

/** The rows of the molecules that are shown, in their order. */
const shownRows = (page: Page) =>
  page.locator('[role=option]:not([hidden])').evaluateAll((all) => all.map(({ id }) => Number(id.replace('row-', ''))));

const selectedRows = (page: Page) =>
  page.locator('[aria-selected=true]').evaluateAll((all) => all.map(({ id }) => Number(id.replace('row-', ''))));

const searchBox = (page: Page) => page.getByRole('searchbox');

async function savedCsv(page: Page): Promise<string> {
  if (!(await page.getByRole('button', { name: /^Save/ }).isVisible()))
    await page.getByText('CSV', { exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Save/ }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

test.serial('parent and product are drawn beside each other, with what is known of them', async (t) => {
  const page = await open(t, FIVE);
  const first = page.locator('.card').first();
  t.deepEqual(await isDrawn(page, '.card:first-child img', 2), [true, true]);
  t.is(await first.locator('img').nth(0).getAttribute('alt'), 'Parent Oc1ccccc1');
  t.is(await first.locator('img').nth(1).getAttribute('alt'), 'Product COc1ccccc1');
  const text = (await first.textContent()) ?? '';
  for (const part of ['P-1.0', 'OMe', 'from P-1', 'COc1ccccc1', '108.14', 'true', 'plants', '0, 1', 'cOC'])
    t.true(text.includes(part), part);
  t.is(await page.getByRole('status').textContent(), '5 molecules');
  t.deepEqual(await isDrawn(page, '#row-3 img', 1), [true], 'without a parent');
  t.is(await page.title(), 'out');
});

test.serial('a molecule that cannot be drawn says why', async (t) => {
  const { drawing: _, parent_drawing: __, ...bare } = molecule(0, { fault: 'more than 999 atoms' });
  const page = await open(t, gallery([bare]));
  await page.locator('.card').getByText('more than 999 atoms').waitFor();
  t.is(await page.locator('.card').getByText('no drawing').count(), 2);
});

test.serial('search finds ids and rules in any case, and SMILES as they are written', async (t) => {
  const page = await open(t, FIVE);
  for (const [text, rows] of [
    ['p-1.1', [1, 2]],
    ['P-1 f', [1, 4]],
    ['Fc1', [1]],
    ['fc1', []],
    ['Oc1ccccc1', [0, 1, 2, 4]],
    ['', [0, 1, 2, 3, 4]],
  ] as const) {
    await searchBox(page).fill(text);
    t.deepEqual(await shownRows(page), rows, text);
  }
  await searchBox(page).fill('fc1');
  t.true(await page.getByText('No molecule meets the search and the filters.').isVisible());
  await page.getByRole('button', { name: 'Clear both' }).click();
  t.is((await shownRows(page)).length, 5);
});

test.serial('any column sorts, up and down, with missing values last', async (t) => {
  const page = await open(t, FIVE);
  const sortBy = page.getByRole('combobox', { name: 'Sort by' });
  const expected = {
    'by MW': [4, 0, 1, 3, 2],
    'by id': [0, 1, 4, 2, 3],
    'by SMILES': [3, 4, 0, 2, 1],
    'by matches cOC': [1, 3, 0, 2, 4],
    'by row': [0, 1, 2, 3, 4],
  };
  for (const [label, rows] of Object.entries(expected)) {
    await sortBy.selectOption({ label });
    t.deepEqual(await shownRows(page), rows, label);
  }
  await sortBy.selectOption({ label: 'by MW' });
  await page.getByRole('button', { name: 'descending' }).click();
  t.deepEqual(await shownRows(page), [3, 1, 0, 4, 2]);
});

test.serial('filters by rule, range, truth value and match add up, and can be reset', async (t) => {
  const page = await open(t, FIVE);
  await page.getByText('Filters', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'F' }).check();
  t.deepEqual(await shownRows(page), [1, 4]);
  await page.getByRole('spinbutton', { name: 'MW, at least' }).fill('100');
  t.deepEqual(await shownRows(page), [1]);
  t.true(await page.getByText('Filters (2)').isVisible());
  await page.getByRole('button', { name: 'Reset filters' }).click();
  await page.getByRole('spinbutton', { name: 'MW, at most' }).fill('109.14');
  t.deepEqual(await shownRows(page), [0, 1, 4]);
  await page.getByRole('combobox', { name: 'light' }).selectOption('false');
  t.deepEqual(await shownRows(page), [1, 4]);
  await page.getByRole('combobox', { name: 'Matches of cOC' }).selectOption({ label: 'matches' });
  t.deepEqual(await shownRows(page), [4]);
  await page.keyboard.press('Escape');
  t.false(await page.getByRole('checkbox', { name: 'F' }).isVisible());
});

test.serial('clicks, Space and Shift select, Ctrl+A selects what is shown, Escape nothing', async (t) => {
  const page = await open(t, FIVE);
  await page.keyboard.press('Control+a');
  t.deepEqual(await selectedRows(page), [0, 1, 2, 3, 4]);
  await searchBox(page).press('Escape');
  await page.keyboard.press('Escape');
  t.deepEqual(await selectedRows(page), []);
  await page.locator('#row-1').click();
  await page.locator('#row-3').click({ modifiers: ['Shift'] });
  t.deepEqual(await selectedRows(page), [1, 2, 3]);
  await page.locator('#row-2').click();
  t.deepEqual(await selectedRows(page), [1, 3]);
  t.is(await page.getByRole('status').textContent(), '5 molecules, 2 selected');
  await page.keyboard.press('Escape');
  t.deepEqual(await selectedRows(page), []);
  await searchBox(page).fill('P-1.1');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+a');
  await searchBox(page).fill('');
  t.deepEqual(await selectedRows(page), [1, 2]);
});

test.serial('the keyboard reaches every molecule', async (t) => {
  const page = await open(t, gallery(Array.from({ length: 12 }, (_, row) => molecule(row))));
  const active = () => page.getByRole('listbox').getAttribute('aria-activedescendant');
  await page.keyboard.press('/');
  t.true(await searchBox(page).evaluate((box) => box === box.ownerDocument.activeElement));
  await page.keyboard.press('Escape');
  t.is(await active(), 'row-0');
  for (const [key, id] of [
    ['ArrowRight', 'row-1'],
    ['ArrowDown', 'row-4'],
    ['ArrowUp', 'row-1'],
    ['ArrowLeft', 'row-0'],
    ['End', 'row-11'],
    ['Home', 'row-0'],
  ] as const) {
    await page.keyboard.press(key);
    t.is(await active(), id, key);
  }
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  t.deepEqual(await selectedRows(page), [0, 1, 2]);
  t.not(await page.locator('.active').evaluate((card) => getComputedStyle(card).outlineStyle), 'none');
});

test.serial('CSV has the selected molecules in their order, quoted as RFC 4180 wants it', async (t) => {
  const odd = molecule(5, { id: '=1+1', smiles: '[Na+]' });
  const page = await open(t, gallery([...FIVE.molecules, odd]));
  await page.locator('#row-4').click();
  await page.locator('#row-3').click();
  const head = 'row,id,smiles,rule,parent_id,parent_smiles,MW,light,source,xf_site_atoms,matches cOC\r\n';
  const third = '3,,CCO,,,,111.14,false,plants,"[0,1]",false\r\n';
  const fourth = '4,P-1.4,Clc1ccccc1,F,P-1,Oc1ccccc1,99.5,false,"a,""b""\nc","[1,null]",true\r\n';
  t.is(await savedCsv(page), head + third + fourth);
  await page.locator('#row-3').click();
  await page.locator('#row-4').click();
  t.is((await savedCsv(page)).match(/\r\n/g)?.length, 7, 'without a selection, all that are shown');

  await page.locator('#row-5').click();
  t.true((await savedCsv(page)).includes('5,=1+1,[Na+]'));
  await page.getByRole('checkbox', { name: 'guard against formulas' }).check();
  t.true((await savedCsv(page)).includes("5,'=1+1,[Na+]"));
});

test.serial('Ctrl+C copies the selection', async (t) => {
  const page = await open(t, FIVE, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.locator('#row-1').click();
  await page.keyboard.press('Control+c');
  await page.getByText('copied 1 selected').waitFor();
  const text = (await page.evaluate('navigator.clipboard.readText()')) as string;
  t.is(text.split(/\r?\n/)[1], '1,P-1.1,Fc1ccccc1,F,P-1,Oc1ccccc1,109.14,false,plants,"[0,1]",false');
});

test.serial('markup and scripts in data do nothing', async (t) => {
  const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(3)"><script>alert(4)</script>' +
    '<image href="https://example.com/x.png"/><style>@import "https://example.com/x.css";</style>' +
    '<foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://example.com"/></foreignObject>' +
    '<rect width="9" height="9"/></svg>';
  const bad = molecule(0, {
    id: evil,
    smiles: evil,
    rule: evil,
    parent: { id: evil, smiles: evil },
    values: [1, true, evil, [evil]],
    drawing: svg,
    parent_drawing: `</script>${svg}`,
    fault: evil,
  });
  const data = gallery([bad, molecule(1, { rule: 'b' })], { title: `</title>${evil}`, queries: [evil] });
  const page = await open(t, data);
  await page.getByText('Filters', { exact: true }).click();
  await page.locator('#row-0').click();
  const image = page.locator('#row-0 .panel:last-child img');
  t.true(await image.evaluate((each: HTMLImageElement) => each.decode().then(() => each.naturalWidth > 0)));
  t.is(await page.locator('#row-0 strong').textContent(), evil);
  t.is(await page.locator('main script, main iframe, header script').count(), 0);
  t.is(await page.locator('img:not(.drawing)').count(), 0);
});

test.serial('light and dark follow the system until the reader chooses', async (t) => {
  const page = await open(t, FIVE, { colorScheme: 'dark' });
  const theme = () => page.locator('html').getAttribute('data-theme');
  t.is(await theme(), 'dark');
  await changeColours(page, 'light');
  await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
  t.is(await theme(), 'dark');
  await page.reload();
  await page.locator('main').waitFor();
  t.is(await theme(), 'dark');
});

test.serial('axe-core finds nothing, in light and dark, with and without a selection and menus', async (t) => {
  const page = await open(t, FIVE);
  for (const colorScheme of ['light', 'dark'] as const) {
    await changeColours(page, colorScheme);
    await page.locator('#row-1').click();
    t.deepEqual(await accessibilityFaults(page), [], colorScheme);
    for (const menu of ['Filters', 'CSV', 'Keys']) {
      await page.getByText(menu, { exact: true }).click();
      t.deepEqual(await accessibilityFaults(page), [], `${colorScheme}, ${menu}`);
    }
  }
});

test.serial('a printed page has every molecule that is shown, in light colours', async (t) => {
  const molecules = Array.from({ length: 100 }, (_, row) => molecule(row));
  const page = await open(t, gallery(molecules), { colorScheme: 'dark', isBusy: true });
  await page.emulateMedia({ media: 'print' });
  const ground = await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  t.is(ground, 'rgb(255, 255, 255)');
  const image = page.locator('img').first();
  t.is(await image.evaluate((each) => getComputedStyle(each).filter), 'none');
  t.false(await searchBox(page).isVisible());

  await page.emulateMedia({ media: 'screen' });
  await searchBox(page).fill('P-1.9');
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  t.deepEqual(await isDrawn(page, '.card:not([hidden]) img', 22), Array(2 * 11).fill(true));
  await searchBox(page).fill('');
  t.is(await page.locator('.card img').count(), 2 * 100);
});

test.serial('nothing scrolls sideways on a narrow screen', async (t) => {
  const long = { id: 'x'.repeat(300), smiles: 'C'.repeat(2000), rule: 'R'.repeat(200) };
  const wide = molecule(9, { ...long, parent: long, values: [1, true, 'w'.repeat(500), [1]], fault: 'f'.repeat(300) });
  const page = await open(t, gallery([...FIVE.molecules, wide]), { viewport: { width: 400, height: 800 } });
  t.is(await overhang(page), 0);
  const widths = await page
    .locator('.card')
    .evaluateAll((all) => all.map((card) => card.scrollWidth - card.clientWidth));
  t.deepEqual(widths, Array(6).fill(0), 'nothing is cut off');
  for (const menu of ['Filters', 'CSV', 'Keys']) {
    await page.getByText(menu, { exact: true }).click();
    t.is(await overhang(page), 0, menu);
  }
});

test.serial('an index of ten thousand is searched, sorted and followed with few rows in the page', async (t) => {
  const bare = ({ drawing: _, parent_drawing: __, ...rest }: GalleryMolecule) => rest;
  const molecules = Array.from({ length: 10_000 }, (_, row) =>
    bare(molecule(row, { page: Math.floor(row / 500) + 1 })),
  );
  const files = Array.from({ length: 20 }, (_, place) => `gal lery#${place + 1}.html`);
  const page = await open(t, gallery(molecules, { page: { number: 0, of: 20 }, files }));
  const lines = page.locator('.body [role=row]');
  t.true((await lines.count()) < 200);
  t.is(await page.getByRole('grid').getAttribute('aria-rowcount'), '10001');

  await searchBox(page).fill('P-1.777');
  t.is(await page.getByRole('status').textContent(), '11 of 10,000');
  t.is(
    await lines.first().getByRole('link').getAttribute('href'),
    './gal%20lery%231.html#row-777'.replace('%231', '%232'),
  );

  await searchBox(page).fill('');
  await page.getByRole('columnheader', { name: 'MW' }).click();
  await page.getByRole('columnheader', { name: 'MW' }).click();
  t.is(await lines.first().getAttribute('id'), 'row-9999');
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  t.is(await page.getByRole('grid').getAttribute('aria-activedescendant'), 'row-0');
  t.true(await page.locator('#row-0').isVisible());
  t.deepEqual(await accessibilityFaults(page), []);
  t.is(await overhang(page), 0);

  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  t.is(await lines.count(), 10_000);
});

test.serial('a numbered page links to the others, and shows the molecule that the address names', async (t) => {
  const molecules = Array.from({ length: 60 }, (_, row) => molecule(row + 500));
  const data = gallery(molecules, { page: { number: 2, of: 2 }, files: ['a-1.html', 'a-2.html'], index: 'a.html' });
  const page = await open(t, data, { hash: '#row-555' });
  t.is(await page.getByRole('listbox').getAttribute('aria-activedescendant'), 'row-555');
  await page.locator('#row-555 img').first().waitFor();
  t.true(await page.locator('#row-555').evaluate((card) => card.getBoundingClientRect().top < innerHeight));
  const links = page.getByRole('navigation').getByRole('link');
  t.deepEqual(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href'))), [
    './a.html',
    './a-1.html',
    './a-2.html',
  ]);
  t.is(await links.nth(2).getAttribute('aria-current'), 'page');
});

test.serial('a gallery without molecules says so', async (t) => {
  const page = await open(t, gallery([], { queries: [] }));
  t.true(await page.getByText('The table has no rows, or none that meet --where.').isVisible());
  t.deepEqual(await accessibilityFaults(page), []);
});
