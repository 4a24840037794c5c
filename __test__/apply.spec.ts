// apply() on the built addon: what it writes, what it returns, and what each option changes.
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import test from 'ava';
import { apply, check, defaultApplyOptions, OptionError, type Summary } from 'xform-native';
import {
  config,
  finalFiles,
  job,
  OME,
  plants,
  readParquet,
  temporaryFolder,
  writeLargeLibrary,
  writeParquet,
  writeSmiles,
} from './util';

test('the sample gives the same figures as RDKit in Python', async (t) => {
  const folder = temporaryFolder(t);
  const summary = await apply(job(folder));
  t.like(summary, {
    format: 1,
    transform: OME,
    source_file: plants,
    total_input: 1000,
    total_processed: 1000,
    total_products: 944,
    unique_products: 939,
    rejected_rows: 0,
    stats: { success: 380, no_site: 620, all_sites_excluded: 0, rejected: 0 },
    columns: { smiles: 'smiles', id: 'coconut_id', kept: [] },
  });
  const [only] = summary.transforms;
  t.is(summary.transforms.length, 1);
  t.like(only, { name: OME, sums: { rows: 1000, results: 981, products: 944, unique: 939, duplicates: 5 } });
  t.deepEqual(summary.engine, { name: 'RDKit', version: '2025.03.1' });
});

test('the files match the summary', async (t) => {
  const folder = temporaryFolder(t);
  const summary = await apply(job(folder));
  const outdir = join(folder, 'out');
  t.deepEqual(readdirSync(outdir).sort(), ['SUMMARY.json', 'products.parquet', 'rejects.parquet']);
  t.deepEqual(JSON.parse(readFileSync(join(outdir, 'SUMMARY.json'), 'utf8')), summary);

  const products = await readParquet(join(outdir, 'products.parquet'));
  t.is(products.length, summary.files.products.rows);
  t.is(new Set(products.map(({ smiles }) => smiles)).size, products.length);
  t.deepEqual(Object.keys(products[0] ?? {}), [
    'smiles',
    'product_id',
    'source_row',
    'source_id',
    'source_smiles',
    'xf_name',
    'xf_code',
    'xf_label',
    'product_index',
    'xf_site_index',
    'xf_site_atoms',
    'xf_site_count',
    'product_site_atoms',
  ]);
  const library = await readParquet(plants);
  for (const { source_row, source_id, source_smiles } of products) {
    const source = library[Number(source_row)];
    t.like(source, { coconut_id: source_id, smiles: source_smiles });
  }
});

test('missing options have the documented defaults', async (t) => {
  const { options } = await check(job('unused'));
  t.like(options, {
    dedup: defaultApplyOptions.dedup,
    bloom_expected_items: defaultApplyOptions.bloomExpectedItems,
    bloom_fp_rate: defaultApplyOptions.bloomFpRate,
    batch_size: defaultApplyOptions.batchSize,
    flush_interval: defaultApplyOptions.flushInterval,
    force: defaultApplyOptions.force,
    resume: defaultApplyOptions.resume,
    isolate: defaultApplyOptions.isolate,
    max_atoms: defaultApplyOptions.maxAtoms,
    max_products_per_mol: null,
    scratch: null,
    max_rejects: null,
    max_sites: null,
    exclude_sugar_like: null,
  });
  t.deepEqual(options['target_memory'], { percent: defaultApplyOptions.targetMemory });
  const workers = Number(options['workers']);
  t.true(workers >= 1 && workers <= availableParallelism());
  t.is(options['max_in_flight'], 2 * workers);
});

test('an option that is undefined counts as missing', async (t) => {
  const bare = await check(job('unused'));
  const explicit = await check(job('unused', { workers: undefined, dedup: undefined, keepColumns: undefined }));
  t.deepEqual(explicit, bare);
});

test('check writes nothing and reports the plan', async (t) => {
  const folder = temporaryFolder(t);
  const report = await check(job(folder, { xfName: 'all' }));
  t.is(report.rows, 1000);
  t.is(report.transforms.length, 32);
  t.deepEqual(report.columns, { format: 'parquet', smiles: 'smiles', id: 'coconut_id', kept: [] });
  t.deepEqual(readdirSync(folder), []);
});

test('smilesColumn, idColumn and keepColumns choose the columns', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeParquet(join(folder, 'library.parquet'), [
    { name: 'structure', data: ['Oc1ccccc1', 'CC'] },
    { name: 'name', data: ['phenol', 'ethane'] },
    { name: 'weight', data: [94.1, 30.1], type: 'DOUBLE' },
  ]);
  const columns = { input, smilesColumn: 'structure', idColumn: 'name' };
  const named = await apply(job(folder, { ...columns, keepColumns: ['weight'] }));
  t.deepEqual(named.columns, { format: 'parquet', smiles: 'structure', id: 'name', kept: ['source_weight'] });
  const [product] = await readParquet(join(folder, 'out', 'products.parquet'));
  t.like(product, { smiles: 'COc1ccccc1', source_id: 'phenol', source_weight: 94.1 });

  const all = await apply(job(folder, { input, smilesColumn: 'structure', keepColumns: 'all', force: true }));
  t.like(all.columns, { smiles: 'structure', id: null, kept: ['source_name', 'source_weight'] });
});

test('maxSites and excludeSugarLike override the file', async (t) => {
  const folder = temporaryFolder(t);
  const glucose = 'OCC1OC(O)C(O)C(O)C1O';
  const input = writeSmiles(folder, ['OCCCO', glucose]);
  const sums = async (changes: Parameters<typeof job>[1]) =>
    (await apply(job(folder, { input, xfName: 'R3_F', force: true, ...changes }))).sums;
  const asInFile = await sums({});
  t.like(asInFile, { sites: 7, sites_applied: 2, sites_excluded_sugar: 5, rows_all_sites_excluded: 1 });
  t.like(await sums({ excludeSugarLike: false }), { sites: 7, sites_applied: 7, sites_excluded_sugar: 0 });
  t.like(await sums({ maxSites: 1 }), { sites_applied: 1, sites_excluded_limit: 1 });
  t.deepEqual(await sums({ excludeSugarLike: true, maxSites: -1 }), asInFile);
});

test('several transforms run in file order, each once, whatever their order', async (t) => {
  const folder = temporaryFolder(t);
  const summary = await apply(job(folder, { xfName: ['R3_F', OME, 'R3_F'] }));
  t.deepEqual(summary.transform, [OME, 'R3_F']);
  t.deepEqual(
    summary.transforms.map(({ name }) => name),
    [OME, 'R3_F'],
  );
  t.is(summary.transforms[0]?.sums.unique, 939);
});

test('dedup: none keeps the products that exact drops, bloom reports its possible losses', async (t) => {
  const folder = temporaryFolder(t);
  const none = await apply(job(folder, { dedup: 'none' }));
  t.like(none, { unique_products: 944, dedup: { mode: 'none' }, sums: { duplicates: 0 } });

  const small = { bloomExpectedItems: 10_000, bloomFpRate: 0.0001 };
  const bloom = await apply(job(folder, { dedup: 'bloom', ...small, force: true }));
  t.like(bloom.dedup, { mode: 'bloom', bloom: { expected_items: 10_000, fp_rate: 0.0001, overfilled: false } });
  t.is(bloom.sums.duplicates, undefined);
  t.is(bloom.sums.unique + (bloom.sums.dropped_as_seen ?? 0), 944);
  const lost = 939 - bloom.sums.unique;
  t.true(lost >= 0 && lost <= 3 + 3 * (bloom.dedup.bloom?.expected_lost ?? 0), `${lost} lost`);

  const tiny = await apply(job(folder, { dedup: 'bloom', bloomExpectedItems: 10, bloomFpRate: 0.5, force: true }));
  t.true(tiny.dedup.bloom?.overfilled);
  t.true(tiny.unique_products < 939);
  t.true(tiny.warnings.some((warning) => warning.includes('--bloom-expected-items')));
  t.true((tiny.dedup.bloom?.bytes ?? 0) < (bloom.dedup.bloom?.bytes ?? 0));
});

test('workers, batchSize, maxInFlight, flushInterval and targetMemory take effect, and change no product', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 100_000);
  const timing = { batchSize: 500, maxInFlight: 2, flushInterval: 100, targetMemory: '1GiB', workers: 3 };
  const threads = new Set<string>();
  const slow = await apply(job(folder, { input, ...timing }), { onProgress: () => addThreadNames(threads) });
  t.true(slow.peak_batches_in_flight >= 1 && slow.peak_batches_in_flight <= 2);
  t.is(slow.memory.target_bytes, 2 ** 30);
  t.deepEqual([...threads].filter((name) => name.startsWith('xform-worker')).sort(), [
    'xform-worker-0',
    'xform-worker-1',
    'xform-worker-2',
  ]);

  const wide = { batchSize: 50, maxInFlight: 50, flushInterval: 1_000_000, targetMemory: 10, workers: 1 };
  const wideRun = await apply(job(folder, { input, ...wide, force: true }));
  t.true(wideRun.peak_batches_in_flight > 2);
  t.true(wideRun.peak_buffered_products > slow.peak_buffered_products);
  t.is(wideRun.memory.target_bytes, Math.floor(wideRun.memory.limit_bytes / 10));
  t.is(wideRun.files.products.sha256, slow.files.products.sha256);
});

/** Linux shows the threads of a process with their names. */
function addThreadNames(names: Set<string>): void {
  for (const thread of readdirSync('/proc/self/task')) {
    try {
      names.add(readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim());
    } catch {
      // The thread has exited in between.
    }
  }
}

test('only force replaces an earlier run', async (t) => {
  const folder = temporaryFolder(t);
  await apply(job(folder));
  await t.throwsAsync(apply(job(folder)), { code: 'XFORM_OUTPUT_EXISTS' });
  const again: Summary = await apply(job(folder, { force: true, dedup: 'none' }));
  t.is(again.unique_products, 944);
  t.deepEqual(finalFiles(join(folder, 'out')).length, 3);
});

test('a row that RDKit refuses becomes a reject record', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, ['Oc1ccccc1', 'no smiles', 'c1ccccc1(C)(C)C']);
  const summary = await apply(job(folder, { input, maxRejects: 0 }));
  t.is(summary.rejected_rows, 2);
  t.is(summary.options['max_rejects'], 0);
  const rejects = await readParquet(join(folder, 'out', 'rejects.parquet'));
  t.deepEqual(
    rejects.map(({ source_row, source_id, stage }) => [Number(source_row), source_id, stage]),
    [
      [1, 'smiles row-1', 'parse'],
      [2, 'row-2', 'parse'],
    ],
  );
});

const wrongTypes: [string, Record<string, unknown>][] = [
  ['input', { input: 7 }],
  ['input', { input: '' }],
  ['outdir', { outdir: undefined }],
  ['xfConfig', { xfConfig: null }],
  ['xfName', { xfName: [OME, 3] }],
  ['smilesColumn', { smilesColumn: 1 }],
  ['keepColumns', { keepColumns: 'some' }],
  ['maxSites', { maxSites: 1.5 }],
  ['maxSites', { maxSites: 0 }],
  ['excludeSugarLike', { excludeSugarLike: 'yes' }],
  ['dedup', { dedup: 'fuzzy' }],
  ['bloomExpectedItems', { dedup: 'bloom', bloomExpectedItems: -1 }],
  ['bloomExpectedItems', { dedup: 'bloom', bloomExpectedItems: 1e15 }],
  ['bloomFpRate', { bloomFpRate: Number.NaN }],
  ['bloomFpRate', { bloomFpRate: 1 }],
  ['maxRejects', { maxRejects: -1 }],
  ['batchSize', { batchSize: 0 }],
  ['workers', { workers: 100_000 }],
  ['maxInFlight', { maxInFlight: 0 }],
  ['flushInterval', { flushInterval: '1' }],
  ['targetMemory', { targetMemory: 101 }],
  ['targetMemory', { targetMemory: 'much' }],
  ['force', { force: 1 }],
  ['resume', { resume: 'yes' }],
  ['resume', { resume: true, force: true }],
  ['scratch', { scratch: '' }],
  ['maxAtoms', { maxAtoms: 0 }],
  ['maxProductsPerMol', { maxProductsPerMol: 1.5 }],
  ['isolate', { isolate: 1 }],
  ['molTimeout', { isolate: true, molTimeout: -1 }],
  ['molTimeout', { isolate: true, molTimeout: '60s' }],
  ['molTimeout', { molTimeout: 60 }],
  ['batchsize', { batchsize: 1 }],
];

for (const [option, changes] of wrongTypes) {
  test(`${JSON.stringify(changes)} is refused as ${option}`, async (t) => {
    const folder = temporaryFolder(t);
    const options = { ...job(folder), ...changes } as Parameters<typeof apply>[0];
    const error = await t.throwsAsync(apply(options), { instanceOf: OptionError, code: 'XFORM_INVALID_OPTION' });
    t.is(error?.details['option'], option);
    t.true(error?.message.startsWith(`${option}: `));
    t.deepEqual(readdirSync(folder), []);
  });
}

test('names that are not in the file are refused with a suggestion', async (t) => {
  const error = await t.throwsAsync(check(job('unused', { xfName: 'FG_PHENOL_OH__OH__TO__OMee' })), {
    name: 'ConfigError',
    code: 'XFORM_UNKNOWN_TRANSFORM',
  });
  t.like((error as unknown as { details: object }).details, { path: config, suggestion: OME });
});
