// Takes the pictures of pages in docs/pictures: all rules applied to the plants of examples/, with properties.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { root } from './lib/paths.mjs';
import { main } from './lib/run.mjs';
import { withScratch } from './lib/scratch.mjs';
import { CHROMIUM, needTools, PAGE_TOOLS } from './lib/tools.mjs';

const command = join(root, 'dist', 'cli', 'main.js');

/** The pictures: what is opened, how wide and high it is, and what a reader has done before. */
const PICTURES = [
  { name: 'gallery', file: 'gallery.html', size: [1100, 640] },
  {
    name: 'gallery-dark',
    file: 'gallery.html',
    size: [1100, 640],
    colorScheme: 'dark',
    async before(page) {
      await page.getByRole('searchbox').fill('RING_SP2');
      await page.getByRole('combobox', { name: 'Sort by' }).selectOption({ label: 'by MW' });
      for (const place of [0, 1]) await page.locator('.card:not([hidden])').nth(place).click();
    },
  },
  { name: 'report', file: 'report.html', size: [1100, 900] },
];

/** The pages of a run, as a user makes them. */
function makePages(folder) {
  const xform = (...args) =>
    execFileSync(process.execPath, [command, ...args, '--quiet'], { cwd: root, stdio: 'inherit' });
  const rules = ['--xf-config', 'configs/transforms.yaml', '--xf-name', 'all'];
  xform('apply', '-i', 'examples/plants-1k.parquet', '-o', folder, ...rules, '--properties', 'quick', '--force');
  xform('gallery', folder);
  xform('report', folder);
}

async function take(browser, folder, { name, file, size: [width, height], colorScheme = 'light', before }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(pathToFileURL(join(folder, file)).href);
  await page.locator('img').first().waitFor();
  await before?.(page);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(root, 'docs', 'pictures', `${name}.png`), animations: 'disabled' });
  await page.close();
}

await main(async () => {
  await needTools(PAGE_TOOLS);
  await withScratch('pictures', async (scratch) => {
    const folder = join(scratch, 'out');
    makePages(folder);
    const browser = await chromium.launch({ executablePath: CHROMIUM });
    try {
      for (const picture of PICTURES) await take(browser, folder, picture);
    } finally {
      await browser.close();
    }
  });
});
