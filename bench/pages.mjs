// How fast pages are (npm run bench:pages): galleries of 500 and of 10,000 molecules and a report, written and opened in
// Chromium; writes bench/results/pages.md.
//
//   node bench/pages.mjs [--rounds N] [--out DIR]
//
// --rounds   how often each page is opened (5)
// --out      folder of the report (bench/results)
//
// The library is examples/plants-1k.parquet with all rules of configs/transforms.yaml. A page is open when its first drawing,
// or its first row, is on the screen. A search is timed from the key to the next frame, over the letters of a rule's name.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { root } from '../scripts/lib/paths.mjs';
import { main, must } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { CHROMIUM, needTools, PAGE_TOOLS } from '../scripts/lib/tools.mjs';
import { CLI, measureApply, mustBeBuilt } from './lib/cli.mjs';
import { conditions, median, table, verdict } from './lib/report.mjs';

/** In bytes, and in milliseconds. What takes less than 100 ms seems to happen at once. */
const GOALS = { size: 5e6, open: 1000, search: 100 };
const WORD = 'RING_SP2';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});

/** The pages of a run: their commands, and what shows that they are open. */
const PAGES = [
  { name: 'gallery, 500 molecules', file: 'gallery.html', command: ['gallery'], sign: '.card img', isSearched: true },
  {
    name: 'gallery, index of 10,000',
    file: 'index.html',
    command: ['gallery', '--limit', '10000'],
    sign: '.body .row',
    isSearched: true,
  },
  { name: 'report', file: 'report.html', command: ['report'], sign: 'canvas' },
];

await main(async () => {
  mustBeBuilt();
  await needTools(PAGE_TOOLS);
  await withScratch('pages', async (scratch) => {
    const run = join(scratch, 'run');
    const flags = ['--xf-name', 'all', '--properties', 'quick'];
    const { summary } = await measureApply(join(root, 'examples', 'plants-1k.parquet'), run, flags, { watch: false });
    const browser = await chromium.launch({ executablePath: CHROMIUM });
    const results = [];
    try {
      for (const page of PAGES) results.push(await measurePage(browser, page, run, scratch));
    } finally {
      await browser.close();
    }
    const text = markdown(results, summary, browser.version());
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'pages.md'), text);
    console.log(text);
    process.exitCode = results.every(meetsGoals) ? 0 : 1;
  });
});

/** Writes a page, opens it some times, and searches it. */
async function measurePage(browser, { name, file, command: [command, ...flags], sign, isSearched }, run, scratch) {
  const path = join(scratch, file);
  const started = performance.now();
  await must(`Writing ${file}`, process.execPath, [CLI, command, run, '-o', path, '--quiet', ...flags]);
  const write = performance.now() - started;
  const opens = [];
  let search = null;
  for (let round = 0; round < Number(options.rounds); round += 1) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(pathToFileURL(path).href);
    await page.locator(sign).first().waitFor();
    opens.push(await page.evaluate('performance.now()'));
    if (isSearched && round === 0) search = Math.max(...(await page.evaluate(typing, WORD)));
    await page.close();
  }
  return { name, size: statSync(path).size, write, open: median(opens), search };
}

/** Runs in the page: types a word, and returns for each letter the time until the screen shows what it finds. */
async function typing(word) {
  const box = document.querySelector('input[type=search]');
  const times = [];
  for (let length = 1; length <= word.length; length += 1) {
    const start = performance.now();
    box.value = word.slice(0, length);
    box.dispatchEvent(new Event('input'));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - start);
  }
  return times;
}

function meetsGoals({ size, open, search }) {
  return size <= GOALS.size && open <= GOALS.open && (search ?? 0) <= GOALS.search;
}

function markdown(results, summary, version) {
  const rows = results.map((result) => [
    result.name,
    `${(result.size / 1e6).toFixed(2)} MB`,
    `${(result.write / 1000).toFixed(1)} s`,
    `${Math.round(result.open)} ms`,
    result.search === null ? '' : `${Math.round(result.search)} ms`,
    verdict(meetsGoals(result)),
  ]);
  const goals = `at most ${GOALS.size / 1e6} MB, open within ${GOALS.open} ms, each letter of a search within ${GOALS.search} ms`;
  return [
    '# Pages',
    '',
    conditions(summary, [`Chromium ${version}`, `Goals: ${goals}`]),
    '',
    table(['page', 'size', 'written in', 'open after', 'slowest letter', 'goals'], rows),
    '',
  ].join('\n');
}
