// The report in a browser, with made data: what is shown of a run, and what is left out if the run has no such figures.

import { createHash } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import type { ReportData } from '../../dist/pages/report/data';
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

type Changes = { [Key in keyof ReportData['summary']]?: unknown };

const SUMS = {
  rows: 1000,
  rows_with_products: 800,
  rows_no_site: 150,
  rows_all_sites_excluded: 30,
  rows_rejected: 20,
  sites: 2000,
  sites_applied: 1700,
  sites_excluded_query: 0,
  sites_excluded_not_smarts: 0,
  sites_excluded_sugar: 200,
  sites_excluded_limit: 50,
  sites_failed: 50,
  results: 1750,
  results_repeated: 100,
  results_failed: 50,
  made: 1600,
  filtered: 100,
  rows_all_filtered: 0,
  products: 1500,
  known: 0,
  unique: 1450,
  duplicates: 50,
};

const RULES = [
  { name: 'OMe', sums: SUMS },
  {
    name: 'F',
    sums: { ...SUMS, products: 3000 },
    commonest_failure: { code: 'sanitize_failed', records: 50, source_row: 7, reason: 'Explicit valence' },
  },
];

const POINTS = Array.from({ length: 100 }, (_, place) => ({
  seconds: 2 * place,
  rows: 10 * place,
  products: 16 * place,
  memory_bytes: 2 ** 27 + place,
}));

/** Twenty parents, the figures of which fall. */
const parents = <K extends string>(figure: K) =>
  Array.from({ length: 20 }, (_, row) => ({
    source_row: row,
    source_id: row === 0 ? null : `P-${row}`,
    smiles: 'Oc1ccccc1',
    [figure]: 40 - row,
  })) as { source_row: number; source_id: string | null; smiles: string }[] & Record<K, number>[];

function summary(changes: Changes = {}): ReportData['summary'] {
  return {
    tool: { name: 'xform-native', version: '1.2.3' },
    engine: { name: 'RDKit', version: '2025.03.1' },
    source_file: 'plants.parquet',
    output_dir: 'out',
    total_input: 1000,
    unique_products: 1450,
    rejected_rows: 20,
    elapsed_seconds: 198,
    throughput_mol_per_sec: 5.05,
    stats: { success: 800, no_site: 150, all_sites_excluded: 30, rejected: 20 },
    sums: SUMS,
    transforms: RULES,
    filtered_by_clause: [{ clause: 'MW < 500', filtered: 100 }],
    dedup: { mode: 'exact' },
    columns: { smiles: 'smiles', id: 'coconut_id' },
    options: { xf_names: ['OMe', 'F'], limit: null, smirks: [], target_memory: { percent: 70 } },
    memory: { peak_bytes: 2 ** 27, target_bytes: 2 ** 30 },
    files: {
      products: { file: 'out/products.parquet', rows: 1450, bytes: 2 ** 20, sha256: 'ab'.repeat(32) },
      rejects: { file: 'out/rejects.parquet', rows: 70, bytes: 2 ** 10, sha256: 'cd'.repeat(32) },
    },
    warnings: ['20 rows were rejected'],
    notices: ['a key without effect'],
    summary_sha256: 'ef'.repeat(32),
    timeline: POINTS,
    parents: {
      sites: [
        { from: 0, to: 0, rows: 150 },
        { from: 3, to: 4, rows: 850 },
      ],
      products: [{ from: 1, to: 1, rows: 1000 }],
      most_products: parents('products'),
      slowest: parents('seconds'),
    },
    ...changes,
  } as unknown as ReportData['summary'];
}

function report(changes: Partial<ReportData> = {}): ReportData {
  const drawn = parents('x').map((_, place) => (place === 1 ? null : drawings.phenol));
  const example = { source_row: 7, source_id: 'P-7', smiles: 'Oc1ccccc1', transform: 'F', reason: 'Explicit valence' };
  return {
    summary: summary(),
    rejects: [
      {
        stage: 'product',
        code: 'sanitize_failed',
        records: 50,
        examples: [{ ...example, drawing: drawings.phenol }],
      },
      {
        stage: 'parse',
        code: 'molecule_invalid',
        records: 20,
        examples: [{ ...example, source_id: null, smiles: null, transform: null, drawing: null }],
      },
    ],
    properties: [
      {
        name: 'MW',
        unit: 'g/mol',
        values: 1449,
        nulls: 1,
        min: 94.1,
        max: 494.1,
        mean: 294.1,
        bins: Array.from({ length: 40 }, (_, place) => ({
          from: 94.1 + 10 * place,
          to: 104.1 + 10 * place,
          products: place,
        })),
      },
    ],
    drawings: { fruitful: drawn, slowest: drawn },
    ...changes,
  };
}

const open = (t: ExecutionContext<Watched>, data: ReportData, options = {}) =>
  openPage(t, browser(), 'report', data, options);

const textOf = async (page: Page, selector: string) =>
  ((await page.locator(selector).textContent()) ?? '').replace(/\s+/g, ' ');

test.serial('warnings come first, then the figures and every part of the run', async (t) => {
  const page = await open(t, report());
  t.is(await page.title(), 'Report of out');
  t.is(await page.getByRole('heading', { level: 1 }).textContent(), '2 rules on plants.parquet');
  t.is(await page.locator('main > *').first().getAttribute('id'), 'warnings');
  t.true((await textOf(page, '#warnings')).includes('20 rows were rejected'));
  const headline = await textOf(page, '.headline');
  for (const figure of ['1,450', '1,000', '80 %', '3:18', '128 MiB']) t.true(headline.includes(figure), figure);
  const sections = await page.locator('section').evaluateAll((all) => all.map(({ id }) => id));
  t.deepEqual(sections, [
    'warnings',
    'flow',
    'timeline',
    'parents',
    'properties',
    'rejects',
    'rules',
    'notices',
    'settings',
    'versions',
    'files',
  ]);
});

test.serial('the flow shows the equations of the summary, and bars in proportion', async (t) => {
  const page = await open(t, report());
  const equations = await page.locator('.equation').allTextContents();
  t.deepEqual(equations, [
    '1,000 rows = 800 with products + 150 without a site + 30 with all sites excluded + 20 rejected',
    '2,000 sites = 1,700 applied + 250 excluded + 50 failed',
    '1,750 results = 1,600 made + 100 repeated in their molecule + 50 failed',
    '1,600 made = 100 filtered + 1,500 products',
    '1,500 products = 1,450 unique + 50 duplicates',
  ]);
  const [kept] = await page
    .locator('.bar svg')
    .first()
    .locator('rect')
    .evaluateAll((all) => all.map((rect) => Number(rect.getAttribute('width'))));
  t.true(Math.abs((kept ?? 0) - 800) < 5);
  t.is(await page.locator('.ribbon').count(), 4);
  const section = await textOf(page, '#flow');
  t.true(section.includes('200 in sugars, 50 beyond the limit of sites'));
  t.true(section.includes('100 products do not meet MW < 500'));
});

test.serial('speed and memory are drawn, and drawn again for dark colours and for paper', async (t) => {
  const page = await open(t, report());
  t.deepEqual(await isDrawn(page, 'canvas', 3), [true, true, true]);
  const label = (place: number) => page.locator('.chart').nth(place).getAttribute('aria-label');
  t.is(await label(0), 'Rows per second over the run: median 5, at most 5');
  t.is(await label(1), 'Products per second over the run: median 8, at most 8');
  t.is(await label(2), 'Memory over the run: median 128 MiB, at most 128 MiB');
  const picture = () =>
    page
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())
      .then((url) => createHash('sha256').update(url).digest('hex'));
  const light = await picture();
  await changeColours(page, 'dark');
  t.not(await picture(), light);
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  t.is(await picture(), light);
});

test.serial('parents, properties and rejects are drawn', async (t) => {
  const page = await open(t, report());
  t.is(await page.locator('#parents .distribution').count(), 2);
  t.true((await textOf(page, '.distribution >> nth=0')).includes('3 to 4'));
  t.is(await page.locator('#parents li').count(), 40);
  t.true((await textOf(page, '#parents li >> nth=0')).includes('40 products'));
  t.true((await textOf(page, '#parents li >> nth=1')).includes('no drawing'));
  t.deepEqual(await isDrawn(page, '#parents div > ol > li:first-child img', 2), [true, true]);
  t.is(await page.locator('#properties rect').count(), 40);
  t.is(
    await page.locator('#properties [role=img]').getAttribute('aria-label'),
    'MW (g/mol): 94.1 to 494.1, mean 294.1, 1 without a value',
  );
  t.deepEqual(await isDrawn(page, '#rejects img', 1), [true]);
  const rejects = await textOf(page, '#rejects');
  for (const part of ['sanitize_failed', '50 records, 71.4 %', 'Explicit valence', 'P-7', 'row 7']) {
    t.true(rejects.includes(part), part);
  }
});

test.serial('rules are sorted by any column, and provenance is complete', async (t) => {
  const page = await open(t, report());
  const names = () => page.locator('#rules tbody th').allTextContents();
  t.deepEqual(await names(), ['OMe', 'F']);
  await page.getByRole('button', { name: 'products', exact: true }).click();
  t.deepEqual(await names(), ['F', 'OMe']);
  await page.getByRole('button', { name: 'products', exact: true }).click();
  t.deepEqual(await names(), ['OMe', 'F']);
  t.true((await textOf(page, '#rules')).includes('50 × sanitize_failed, first in row 7: Explicit valence'));
  t.true((await textOf(page, '#settings')).includes('Not set: limit, smirks'));
  t.true((await textOf(page, '#settings')).includes('{"percent":70}'));
  for (const hash of ['ab', 'cd']) t.true((await textOf(page, '#files')).includes(hash.repeat(32)));
  t.true((await textOf(page, '#versions')).includes('ef'.repeat(32)));
});

test.serial('a summary without timeline and parents, a run without warnings, properties and rejects', async (t) => {
  const bare = summary({
    timeline: undefined,
    parents: undefined,
    warnings: [],
    notices: [],
    filtered_by_clause: undefined,
    transforms: RULES.slice(0, 1),
    source_file: ['a.smi', 'b.smi'],
  });
  const page = await open(t, report({ summary: bare, rejects: [], properties: [] }));
  t.is(await page.getByRole('heading', { level: 1 }).textContent(), 'OMe on a.smi and 1 more');
  t.is(await page.locator('#warnings, #notices, #properties').count(), 0);
  t.true((await textOf(page, '#timeline')).includes('An earlier version wrote this summary'));
  t.true((await textOf(page, '#parents')).includes('An earlier version wrote this summary'));
  t.true((await textOf(page, '#rejects')).includes('Nothing failed'));
  t.is((await page.locator('.equation').allTextContents())[2]?.slice(0, 30), '1,750 results = 1,600 products');
  t.deepEqual(await accessibilityFaults(page), []);
});

test.serial('a run that read nothing has a report', async (t) => {
  const zero = Object.fromEntries(Object.keys(SUMS).map((name) => [name, 0]));
  const stats = { success: 0, no_site: 0, all_sites_excluded: 0, rejected: 0 };
  const empty = summary({ sums: zero, stats, total_input: 0, transforms: [], timeline: POINTS.slice(0, 1) });
  const page = await open(t, report({ summary: empty }));
  t.is((await page.locator('.equation').allTextContents())[0], '0 rows = 0 with products');
  t.true((await textOf(page, '#timeline')).includes('too short'));
});

test.serial('axe-core finds nothing, in light and dark', async (t) => {
  const page = await open(t, report());
  for (const colorScheme of ['light', 'dark'] as const) {
    await changeColours(page, colorScheme);
    t.deepEqual(await accessibilityFaults(page), [], colorScheme);
  }
});

test.serial('markup in data does nothing, and nothing scrolls sideways on a narrow screen', async (t) => {
  const evil = `<img src=x onerror="alert(1)"><script>alert(2)</script>${'x'.repeat(300)}`;
  const data = JSON.parse(
    JSON.stringify(report()).replace(
      /plants\.parquet|20 rows were rejected|Explicit valence|"P-\d+"|MW|OMe|Oc1ccccc1/g,
      (text) => (text.startsWith('"') ? JSON.stringify(evil) : JSON.stringify(evil).slice(1, -1)),
    ),
  );
  const page = await open(t, data, { viewport: { width: 400, height: 800 } });
  t.is(await page.locator('main script, img:not(.drawing)').count(), 0);
  t.true((await textOf(page, '#warnings')).includes(evil));
  t.is(await overhang(page), 0);
});
