// --parents: the rows of repeated products, compared with all products of a run without deduplication.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { type ApplyOptions, apply, merge, OptionError, verify } from 'xform-native';
import { job, jobArguments, type Row, readParquet, temporaryFolder, writeLargeLibrary, xform } from './util';

/** The sample twice, so that each product has several parents, and several transforms. */
const ROWS = 2000;
const columns = ['product_id', 'smiles', 'source_row', 'source_id', 'xf_name', 'xf_site_index', 'xf_site_atoms'];

const key = ({ xf_name, smiles }: Row) => `${xf_name} ${smiles}`;

test('all rows that gave a product, in the order of the products, with any number of workers', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, ROWS);
  const make = (outdir: string, more: Partial<ApplyOptions> = {}) =>
    job(folder, { input, xfName: 'all', outdir: join(folder, outdir), ...more });
  const whole = await apply(make('whole', { parents: true, workers: 1 }));
  t.true((whole.sums.duplicates ?? 0) > ROWS / 4);
  t.like(await verify(whole.output_dir), { ok: true });
  const rows = async (file = ''): Promise<Row[]> =>
    (await readParquet(file)).map((row) => Object.fromEntries(columns.map((name) => [name, row[name]])));

  const all = await apply(make('all', { dedup: 'none' }));
  const groups = new Map<string, Row[]>();
  for (const row of await rows(all.files.products.file)) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  const expected = (await rows(whole.files.products.file)).flatMap((product) => {
    const group = groups.get(key(product)) ?? [];
    return group.length > 1 ? group.map((row) => ({ ...row, product_id: product['product_id'] })) : [];
  });
  t.deepEqual(await rows(whole.files.parents?.file), expected);

  const bytes = readFileSync(whole.files.parents?.file ?? '');
  const busy = await apply(make('busy', { parents: true, workers: 8, batchSize: 70, isolate: true }));
  t.deepEqual(readFileSync(busy.files.parents?.file ?? ''), bytes);
  const shards = [];
  for (const shard of ['1/3', '2/3', '3/3']) {
    shards.push((await apply(make(shard.replace('/', '-'), { parents: true, shard }))).output_dir);
  }
  const merged = await merge({ shards, outdir: join(folder, 'merged') });
  t.deepEqual(readFileSync(merged.files.parents?.file ?? ''), bytes);
  t.like(await verify(merged.output_dir), { ok: true });
});

test('it requires exact deduplication', async (t) => {
  const folder = temporaryFolder(t);
  for (const dedup of ['bloom', 'none'] as const) {
    const error = await t.throwsAsync(apply(job(folder, { parents: true, dedup })), { instanceOf: OptionError });
    t.true(error?.message.startsWith('parents: requires `dedup` exact: '), error?.message);
  }
  const { status, stderr } = await xform(jobArguments(folder, '--parents', '--dedup', 'none'));
  t.is(status, 2);
  t.true(stderr.includes('--parents'), stderr);
});

test('the command names the file', async (t) => {
  const folder = temporaryFolder(t);
  const { status, stdout } = await xform(jobArguments(folder, '--parents'));
  t.is(status, 0);
  t.regex(stdout, /parents\.parquet +\d[\d,]* rows/);
});
