// Shards and their merge, on the built addon: the bytes and the counts of the single run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import {
  type ApplyOptions,
  apply,
  CancelledError,
  check,
  InputError,
  merge,
  OptionError,
  type Progress,
  type Summary,
  verify,
} from 'xform-native';
import {
  finalFiles,
  job,
  OME,
  plants,
  readParquet,
  stopWhen,
  temporaryFolder,
  writeLargeLibrary,
  writeSmiles,
} from './util';

/** Repeated products across shards, rejects, and several transforms, one of them with sites that fail. */
const changes: Partial<ApplyOptions> = { xfName: 'all', keepColumns: 'all' };

const cases: Record<string, Partial<ApplyOptions>> = {
  exact: {},
  'bloom, sized for a tenth of the products': { dedup: 'bloom', bloomExpectedItems: 3_000, bloomFpRate: 0.05 },
  none: { dedup: 'none' },
  'one transform': { xfName: OME },
};

for (const [name, options] of Object.entries(cases)) {
  test(`1, 2 and 7 shards merge to the bytes of the single run: ${name}`, async (t) => {
    const folder = temporaryFolder(t);
    const input = await library(folder);
    const make = (more: Partial<ApplyOptions>) => job(folder, { input, ...changes, ...options, ...more });
    const whole = await apply(make({}));
    t.true(whole.rejected_rows > 0);
    for (const of of [1, 2, 7]) {
      const shards = await runShards(folder, of, make);
      const merged = await merge({ shards, outdir: join(folder, `merged-${of}`) });
      t.deepEqual(facts(merged), facts(whole), `${of} shards`);
      for (const outdir of [...shards, merged.output_dir]) t.like(await verify(outdir), { ok: true });
      for (const file of ['products', 'rejects'] as const) {
        t.deepEqual(readFileSync(merged.files[file].file), readFileSync(whole.files[file].file), `${of} shards`);
      }
    }
  });
}

test('a shard reports its rows, and an isolated one reports the same', async (t) => {
  const folder = temporaryFolder(t);
  const options = job(folder, { shard: '2/3' });
  t.is((await check(options)).rows, 333);
  const progress: Progress[] = [];
  const summary = await apply({ ...options, isolate: true }, { onProgress: (report) => progress.push(report) });
  t.like(summary, { total_input: 333, shard: { index: 2, of: 3, first_row: 333, library_rows: 1000 } });
  t.true(progress.every(({ rows, rows_total }) => rows_total === 333 && rows <= 333));
  const rows = await readParquet(summary.files.products.file);
  t.true(rows.every(({ source_row }) => Number(source_row) >= 333 && Number(source_row) < 666));
  const here = await apply({ ...options, outdir: join(folder, 'here') });
  t.is(here.files.products.sha256, summary.files.products.sha256);
});

test('an invalid shard is refused', async (t) => {
  const folder = temporaryFolder(t);
  for (const shard of ['0/3', '4/3', '3', 'a/b', '']) {
    const error = await t.throwsAsync(apply(job(folder, { shard })), { instanceOf: OptionError }, shard);
    t.true(error?.message.startsWith('shard: '), error?.message);
  }
  await t.throwsAsync(merge({ shards: [], outdir: join(folder, 'out') }), { code: 'XFORM_INVALID_OPTION' });
  const wrong = { shards: ['a'], outdir: 'b', resume: true };
  await t.throwsAsync(merge(wrong), { message: /resume: is not an option; the options are shards, / });
});

test('shards that do not form a complete set are refused, with a code and the shard', async (t) => {
  const folder = temporaryFolder(t);
  const make = (more: Partial<ApplyOptions>) => job(folder, more);
  const [first = '', second = '', third = ''] = await runShards(folder, 3, make);
  const outdir = join(folder, 'merged');
  const refused = async (shards: string[], code: string, details: object) => {
    const error = await t.throwsAsync(merge({ shards, outdir }), { instanceOf: InputError, code });
    t.like(error, { details });
    t.false(existsSync(outdir));
  };
  await refused([first, third], 'XFORM_SHARD_MISSING', { shards: ['2/3'] });
  await refused([first, second, second, third], 'XFORM_SHARD_REPEATED', { shard: '2/3', path: second });
  await refused([first, join(folder, 'none')], 'XFORM_SHARD_UNFINISHED', { path: join(folder, 'none') });
  const other = make({ shard: '2/3', outdir: join(folder, 'other'), maxAtoms: 500 });
  await apply(other);
  await refused([first, other.outdir, third], 'XFORM_SHARD_MISMATCH', { path: other.outdir });
  const bytes = readFileSync(join(second, 'rejects.parquet'));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(join(second, 'rejects.parquet'), bytes);
  await refused([first, second, third], 'XFORM_SHARD_DAMAGED', { path: second });
});

test('an abort stops a merge, and no file is left', async (t) => {
  const folder = temporaryFolder(t);
  // With the products of all transforms, the merge takes most of a second.
  const rows = 10_000;
  const input = await writeLargeLibrary(folder, rows);
  const shards = await runShards(folder, 2, (more) => job(folder, { input, xfName: 'all', ...more }));
  const outdir = join(folder, 'merged');
  const reason = new Error('enough');
  const control = stopWhen(({ phase }) => phase === 'checking', reason);
  const error = await t.throwsAsync(merge({ shards, outdir }, control), { instanceOf: CancelledError });
  t.is(error?.cause, reason);
  t.deepEqual(finalFiles(outdir), []);
  t.is((await merge({ shards, outdir })).total_input, rows);
});

test('a merge with an already aborted signal starts nothing', async (t) => {
  const folder = temporaryFolder(t);
  const outdir = join(folder, 'merged');
  const started = merge({ shards: [join(folder, 'none')], outdir }, { signal: AbortSignal.abort('before') });
  const error = await t.throwsAsync(started, { instanceOf: CancelledError });
  t.is(error?.cause, 'before');
  t.false(existsSync(outdir));
});

/** The sample twice, with bad rows in between. */
async function library(folder: string): Promise<string> {
  const smiles = (await readParquet(plants)).slice(0, 300).map((row) => row['smiles'] as string);
  return writeSmiles(folder, [...smiles, 'C1CC', '', 'CN(C)(C)C', ...smiles]);
}

async function runShards(folder: string, of: number, make: (more: Partial<ApplyOptions>) => ApplyOptions) {
  const outdirs = Array.from({ length: of }, (_, index) => join(folder, `shard-${index + 1}-${of}`));
  for (const [index, outdir] of outdirs.entries()) {
    await apply(make({ shard: `${index + 1}/${of}`, outdir, workers: 1 + (index % 2), batchSize: 100 + index }));
  }
  return outdirs;
}

/** The parts of a summary that a merged run shares with the single run. */
function facts(summary: Summary) {
  const { tool, engine, transform, source_file, total_input, total_products, unique_products, rejected_rows } = summary;
  const { stats, sums, transforms, columns, quarantined, files } = summary;
  const hashes = [files.products.sha256, files.rejects.sha256];
  return {
    tool,
    engine,
    transform,
    source_file,
    total_input,
    total_products,
    unique_products,
    rejected_rows,
    stats,
    sums,
    transforms,
    columns,
    quarantined,
    hashes,
  };
}
