// Pages of real runs: what the native side writes is what the pages read.
import { join } from 'node:path';
import { apply, gallery, report } from 'xform-native';
import { job, temporaryFolder, writeSmiles } from '../util';
import { accessibilityFaults, isDrawn, openFile, testsOfPages } from './browser';

const { test, browser } = testsOfPages();

test.serial('a gallery of a run draws each product beside its parent', async (t) => {
  const folder = temporaryFolder(t);
  const { outdir } = job(folder);
  await apply(job(folder, { properties: 'quick', limit: 100 }));
  const { rows_shown } = await gallery(outdir, { query: 'c1ccccc1' });
  const page = await openFile(t, browser(), join(outdir, 'gallery.html'));
  t.is(await page.locator('.card').count(), rows_shown);
  t.deepEqual(await isDrawn(page, '.card:first-child img', 2), [true, true]);
  t.deepEqual(await accessibilityFaults(page), []);
  await page.getByText('Filters', { exact: true }).click();
  for (const name of ['MW, at least', 'cLogP, at most']) t.is(await page.getByRole('spinbutton', { name }).count(), 1);
  t.is(await page.getByRole('combobox', { name: 'Matches of c1ccccc1' }).count(), 1);
});

test.serial('an index leads to the molecule on its page, and the page back', async (t) => {
  const folder = temporaryFolder(t);
  const { outdir } = job(folder);
  await apply(job(folder));
  const { rows_shown } = await gallery(outdir, { limit: 600 });
  t.is(rows_shown, 600);
  const page = await openFile(t, browser(), join(outdir, 'gallery.html'));
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByRole('listbox').waitFor();
  t.is(await page.getByRole('listbox').getAttribute('aria-activedescendant'), 'row-599');
  t.deepEqual(await isDrawn(page, '#row-599 img', 2), [true, true]);
  await page.getByRole('link', { name: 'index' }).click();
  await page.getByRole('grid').waitFor();
  t.context.faults = t.context.faults.filter((fault) => !fault.startsWith(`request: file://${outdir}/gallery`));
});

test.serial('a report of a run shows its counts, and what was rejected', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, ['Oc1ccccc1', 'Oc1ccc(O)cc1', 'CCO', 'c1ccccc1(C)(C)C']);
  const { outdir } = job(folder);
  const { sums } = await apply(job(folder, { input, properties: 'quick' }));
  await report(outdir);
  const page = await openFile(t, browser(), join(outdir, 'report.html'));
  t.is(
    await page.locator('.equation').first().textContent(),
    `${sums.rows} rows = ${sums.rows_with_products} with products + ${sums.rows_no_site} without a site + 1 rejected`,
  );
  t.is(await page.locator('#rejects .reject').count(), 1);
  t.true(((await page.locator('#rejects').textContent()) ?? '').includes('c1ccccc1(C)(C)C'));
  t.deepEqual(await isDrawn(page, '#parents div > ol > li:first-child img', 2), [true, true]);
  t.true((await page.locator('#properties figure').count()) >= 4);
  t.deepEqual(await accessibilityFaults(page), []);
});
