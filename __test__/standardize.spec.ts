// Standardized parents, on the built addon. What each function makes of a molecule is compared with Python elsewhere: in
// crate/rdkit-sys/tests/standardize.rs, and on whole libraries by `npm run verify:oracle`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { type ApplyOptions, apply, merge, type Summary, transformSmiles, verify } from 'xform-native';
import { job, jobArguments, OME, readParquet, root, temporaryFolder, writeSmiles, xform } from './util';
import { doneInAllWays } from './ways';

/** Phenols of which only the second is one in the text, a molecule without a site, one that cannot be standardized. */
const LIBRARY = ['[Na+].[O-]c1ccccc1C', 'Oc1ccccc1', '[NH3+]CC(=O)[O-]', '[Na][nH+]1cc[nH]c1'];

test('the standardized molecule is the parent, in a column of its own', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, LIBRARY);
  const options = { input, standardize: 'parent', properties: 'MW', parentProperties: true } as const;
  const summary = await apply(job(folder, options));
  t.like(summary, { rows_standardized: 2, rejected_rows: 1, unique_products: 2, options: { standardize: 'parent' } });
  t.like(summary.stats, { success: 2, no_site: 1, rejected: 1 });
  const products = await readParquet(summary.files.products.file);
  const [row] = products;
  const names = Object.keys(row ?? {});
  t.deepEqual(names.slice(names.indexOf('product_site_atoms') + 1), ['parent_smiles', 'MW', 'parent_MW']);
  t.like(row, { source_smiles: LIBRARY[0], parent_smiles: 'Cc1ccccc1O', smiles: 'COc1ccccc1C' });
  t.deepEqual(row?.xf_site_atoms, [6, 7]);
  t.is(Number(row?.parent_MW).toFixed(2), '108.14');
  const [record] = await readParquet(summary.files.rejects.file);
  t.like(record, { source_smiles: LIBRARY[3], stage: 'standardize', code: 'kekulize', xf_name: null });
  t.like(await verify(summary.output_dir), { ok: true });
});

test('without the option nothing is changed, and there is no column', async (t) => {
  const folder = temporaryFolder(t);
  const summary = await apply(job(folder, { input: writeSmiles(folder, LIBRARY) }));
  t.like(summary, { rows_standardized: 0, rejected_rows: 0, unique_products: 1, options: { standardize: 'none' } });
  const [row] = await readParquet(summary.files.products.file);
  t.false('parent_smiles' in (row ?? {}));
});

test('transformSmiles takes the option', async (t) => {
  const transform = { smirks: '[c:1][OX2H:2]>>[c:1][O:2]C' };
  const [good, bad] = await transformSmiles(['[O-]c1ccccc1', ...LIBRARY.slice(-1)], transform, {
    standardize: 'neutral',
  });
  t.like(good?.products[0], { smiles: 'COc1ccccc1', parent_smiles: 'Oc1ccccc1' });
  t.like(bad?.rejects[0], { stage: 'standardize', code: 'kekulize' });
  t.false('parent_smiles' in ((await transformSmiles('Oc1ccccc1', transform)).products[0] ?? {}));
});

test('a filter may name the column', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, LIBRARY);
  const where = "parent_smiles = 'Oc1ccccc1'";
  const { sums } = await apply(job(folder, { input, standardize: 'parent', where }));
  t.like(sums, { made: 2, filtered: 1, products: 1 });
});

/** The molecules of the tests of the kernel, each several times. */
function salts(): string[] {
  const fixture = join(root, 'crate', 'rdkit-sys', 'tests', 'fixture', 'standardize.tsv');
  const texts = readFileSync(fixture, 'utf8').trimEnd().split('\n').slice(1);
  const smiles = texts.map((line) => line.slice(0, line.indexOf('\t'))).filter((text) => !text.includes(' '));
  return [smiles, smiles, smiles].flat();
}

test('workers, shards and an interruption change no byte', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, salts());
  const library = { input, delimiter: 'blank', header: false, xfName: 'all' };
  const { whole, merged, resumed } = await doneInAllWays(t, folder, { standardize: 'parent', ...library });
  t.true(whole.rows_standardized > 600 && whole.rejected_rows > 20, JSON.stringify(whole.stats));
  t.is(merged.rows_standardized, whole.rows_standardized);
  t.is(resumed.rows_standardized, whole.rows_standardized);
});

/** Distinct phenolates: one in a hundred is tried. */
const PHENOLATES = Array.from({ length: 4000 }, (_, row) => `[O-]c1ccccc1[CH2:${row + 1}]C`);

test('without it, a sample of charged rows without a site is tried, and the summary warns', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, PHENOLATES);
  const make = (outdir: string, more: Partial<ApplyOptions> = {}) =>
    apply(job(folder, { input, outdir: join(folder, outdir), ...more }));
  const tried = ({ charged_tried, charged_found, charged_example, warnings }: Summary) => ({
    counts: [charged_tried, charged_found, charged_example],
    warnings: warnings.filter((text) => text.includes('charged rows')),
  });
  const whole = await make('whole', { workers: 1 });
  const { charged_tried: rows, charged_example: example } = whole;
  t.true(rows > 20 && rows < 70, String(rows));
  t.deepEqual(tried(whole).counts, [rows, rows, example]);
  t.regex(tried(whole).warnings[0] ?? '', /\(100\.0 %\).*for example row \d+; --standardize neutral or parent/);
  t.deepEqual(tried(await make('two', { workers: 2, batchSize: 70, fast: false })), tried(whole));
  const shards = [];
  for (const shard of ['1/2', '2/2']) shards.push((await make(`shard-${shard[0]}`, { shard })).output_dir);
  t.deepEqual(tried(await merge({ shards, outdir: join(folder, 'merged') })), tried(whole));
  for (const outdir of ['whole', 'merged']) t.like(await verify(join(folder, outdir)), { ok: true });
  const standardized = await make('standardized', { standardize: 'neutral' });
  t.deepEqual(tried(standardized), { counts: [0, 0, undefined], warnings: [] });
  t.is(standardized.rows_standardized, PHENOLATES.length);
});

test('the command takes the option, and reports what it changed', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, LIBRARY);
  const ended = await xform(jobArguments(folder, '-i', input, '--standardize', 'neutral'));
  t.is(ended.status, 0, ended.stderr);
  t.regex(ended.stdout, new RegExp(OME));
  t.regex(ended.stdout, /standardize +neutral, which made 1 rows a different molecule/);
  const unknown = await xform(jobArguments(folder, '-i', input, '--standardize', 'tautomer', '--force'));
  t.is(unknown.status, 2);
  t.regex(unknown.stderr, /none, cleanup, neutral, parent/);
});
