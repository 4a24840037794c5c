// Reports on the built addon. What the data say is tested in crate/core/tests/report.rs; what the page shows, in
// __test__/pages.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import test, { type ExecutionContext } from 'ava';
import {
  type ApplyOptions,
  apply,
  CancelledError,
  InputError,
  merge,
  OptionError,
  OutputError,
  report,
  type Summary,
} from 'xform-native';
import type { ReportData } from '../dist/pages/report/data';
import { job, readParquet, temporaryFolder } from './util';

/** The data in a report, as its page unpacks them. */
function dataIn(file: string): ReportData {
  const [, packed = ''] = / id="data">([^<]*)<\/script>/.exec(readFileSync(file, 'utf8')) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as ReportData;
}

/** A run over molecules of every kind, some of them bad. */
async function finishedRun(t: ExecutionContext, changes: Partial<ApplyOptions> = {}): Promise<Summary> {
  const folder = temporaryFolder(t);
  const phenols = Array.from({ length: 30 }, (_, index) => `Oc1cc(${'C'.repeat(index + 1)})ccc1O good-${index}`);
  const rows = [
    ...phenols,
    'C1CC ring',
    'c1cccc1 aromatic',
    'CC(C)(C)(C)C valence',
    'CCO none',
    `${'C'.repeat(600)}O long`,
  ];
  const input = join(folder, 'library.smi');
  writeFileSync(input, `${rows.join('\n')}\n`);
  return apply(job(folder, { input, properties: 'MW,Rings,Scaffold', parentProperties: true, ...changes }));
}

test('a report has the summary, the rejects, the properties and the pictures of a run', async (t) => {
  const summary = await finishedRun(t);
  const { file, bytes } = await report(summary.output_dir);
  t.is(file, join(summary.output_dir, 'report.html'));
  t.is(statSync(file).size, bytes);
  const data = dataIn(file);
  t.deepEqual(data.summary as object, JSON.parse(readFileSync(join(summary.output_dir, 'SUMMARY.json'), 'utf8')));
  t.is(
    data.rejects.reduce((sum, { records }) => sum + records, 0),
    summary.files.rejects.rows,
  );
  const syntax = data.rejects.find(({ code }) => code === 'syntax');
  t.like(syntax?.examples[0], { source_id: 'ring', smiles: 'C1CC', transform: null, drawing: null });
  const products = await readParquet(summary.files.products.file);
  t.deepEqual(
    data.properties.map(({ name, unit }) => [name, unit]),
    [
      ['MW', 'g/mol'],
      ['Rings', null],
      ['parent_MW', 'g/mol'],
      ['parent_Rings', null],
    ],
  );
  for (const { name, values, nulls, min, max, mean, bins } of data.properties) {
    const numbers = products.map((row) => Number(row[name]));
    t.deepEqual([values, nulls, min, max], [numbers.length, 0, Math.min(...numbers), Math.max(...numbers)], name);
    t.true(Math.abs(mean - numbers.reduce((sum, number) => sum + number, 0) / values) < 1e-9 * mean, name);
    const counted = bins.map(({ from, to }) => numbers.filter((number) => number >= from && number < to).length);
    t.deepEqual(
      bins.map((bin) => bin.products),
      counted,
      name,
    );
  }
  for (const [list, drawings] of [
    [summary.parents.most_products, data.drawings.fruitful],
    [summary.parents.slowest, data.drawings.slowest],
  ] as const) {
    t.is(drawings.length, list.length);
    const drawn = list.map(({ smiles }) => smiles !== '' && !/^(C1CC|c1cccc1|CC\(C\)\(C\)\(C\)C)$/.test(smiles));
    t.deepEqual(
      drawings.map((svg) => svg?.includes('<svg') ?? false),
      drawn,
    );
  }
});

test('the parents in a summary have the sites and products of its rows', async (t) => {
  const { parents, sums, total_input, files, timeline } = await finishedRun(t, { dedup: 'none' });
  const perRow = new Map<number, number>();
  for (const { source_row } of await readParquet(files.products.file)) {
    perRow.set(Number(source_row), (perRow.get(Number(source_row)) ?? 0) + 1);
  }
  const counts = Array.from({ length: total_input }, (_, row) => perRow.get(row) ?? 0);
  t.deepEqual(
    parents.products.map(({ rows }) => rows),
    parents.products.map(({ from, to }) => counts.filter((count) => count >= from && count <= to).length),
  );
  t.deepEqual(parents.sites, [
    { from: 0, to: 0, rows: 5 },
    { from: 1, to: 1, rows: 0 },
    { from: 2, to: 2, rows: 30 },
  ]);
  t.is(sums.sites, 60);
  t.deepEqual(
    parents.most_products.map(({ source_row, source_id, products }) => [source_row, source_id, products]),
    Array.from({ length: 20 }, (_, row) => [row, `good-${row}`, 2]),
  );
  const seconds = parents.slowest.map((row) => row.seconds);
  t.deepEqual(
    seconds,
    [...seconds].sort((one, other) => other - one),
  );
  t.true(seconds.length === 20 && seconds.every((second) => second > 0 && second < 60));
  t.like(timeline.at(-1), { rows: total_input, products: sums.products });
});

test('ids and SMILES with markup are data', async (t) => {
  const folder = temporaryFolder(t);
  const input = join(folder, 'library.csv');
  const id = '</script><script>alert(1)</script>';
  writeFileSync(input, `smiles,id\nOc1ccccc1,${id}\n"<img src=x>",<!--data-->\n`);
  const { output_dir } = await apply(job(folder, { input }));
  const { file } = await report(output_dir);
  t.false(readFileSync(file, 'utf8').includes('alert(1)'));
  const { summary, rejects } = dataIn(file);
  t.is(summary.parents?.most_products[0]?.source_id, id);
  t.like(rejects[0]?.examples[0], { source_id: '<!--data-->', smiles: '<img src=x>' });
});

test('a report goes to the file that is named, and replaces one only with force', async (t) => {
  const { output_dir } = await finishedRun(t);
  const output = join(output_dir, 'new', 'folder', 'r.html');
  t.is((await report(output_dir, { output })).file, output);
  t.deepEqual(readdirSync(join(output_dir, 'new', 'folder')), ['r.html']);
  const taken = await t.throwsAsync(report(output_dir, { output }), { instanceOf: OutputError });
  t.like(taken, { code: 'XFORM_FILE_EXISTS', details: { path: output } });
  writeFileSync(output, 'old');
  await report(output_dir, { output: Buffer.from(output), force: true });
  t.true(readFileSync(output, 'utf8').startsWith('<!doctype html>'));
  await t.throwsAsync(report(output_dir, { output: output_dir, force: true }), { instanceOf: OptionError });
});

test('what cannot be reported is refused', async (t) => {
  const folder = temporaryFolder(t);
  await t.throwsAsync(report(join(folder, 'missing')), { instanceOf: InputError, code: 'XFORM_INPUT_NOT_FOUND' });
  await t.throwsAsync(report(folder), { instanceOf: InputError, message: /no run has finished in this folder/ });
  t.deepEqual(readdirSync(folder), []);
  await t.throwsAsync(report(folder, { maxAtoms: 7 } as object), {
    instanceOf: OptionError,
    message: 'maxAtoms: is not an option; the options are output, force',
  });
  const { output_dir } = await finishedRun(t);
  const error = await t.throwsAsync(report(output_dir, {}, { signal: AbortSignal.abort('enough') }));
  t.true(error instanceof CancelledError);
  writeFileSync(join(folder, 'file'), '');
  const unwritable = report(output_dir, { output: join(folder, 'file', 'r.html') });
  await t.throwsAsync(unwritable, { instanceOf: OutputError, code: 'XFORM_OUTPUT_FAILED' });
});

test('apply writes the report with the run, and keeps or replaces it by the rules of the run', async (t) => {
  const folder = temporaryFolder(t);
  for (const isolate of [false, true]) {
    const options = job(folder, { outdir: join(folder, `out-${isolate}`), report: true, isolate });
    const file = join(options.outdir as string, 'report.html');
    const first = await apply(options);
    t.like(first.report, { file, bytes: statSync(file).size });
    t.is(dataIn(file).summary.total_input, first.total_input);
    writeFileSync(file, 'own');
    t.like((await apply({ ...options, resume: true })).report, { file, bytes: 3 }, 'the run had finished');
    await t.throwsAsync(apply(options), { instanceOf: OutputError, code: 'XFORM_FILE_EXISTS' });
    t.like((await apply({ ...options, force: true })).report, { file });
    t.true(statSync(file).size > 1000);
  }
  const other = join(folder, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'report.html'), 'mine');
  const taken = await t.throwsAsync(apply(job(folder, { outdir: other, report: true })));
  t.like(taken, { code: 'XFORM_FILE_EXISTS' });
  t.false(existsSync(join(other, 'SUMMARY.json')), 'before the run');
});

test('merge writes the report of the whole, in which the figures of the shards add up', async (t) => {
  const folder = temporaryFolder(t);
  const whole = await apply(job(folder, { outdir: join(folder, 'whole') }));
  const shards = [1, 2, 3].map((index) => join(folder, `shard-${index}`));
  for (const [index, outdir] of shards.entries()) await apply(job(folder, { outdir, shard: `${index + 1}/3` }));
  const outdir = join(folder, 'merged');
  const merged = await merge({ shards, outdir, report: true });
  const { sites, products, most_products } = merged.parents;
  t.deepEqual({ sites, products, most_products }, (({ slowest: _, ...rest }) => rest)(whole.parents));
  t.like(merged.report, { file: join(outdir, 'report.html') });
  const { timeline } = dataIn(join(outdir, 'report.html')).summary;
  t.deepEqual(timeline, merged.timeline);
  const last = merged.timeline.at(-1);
  t.like(last, { rows: whole.total_input, products: whole.total_products });
  t.true(Math.abs((last?.seconds ?? 0) - merged.elapsed_seconds) < 0.002);
  writeFileSync(join(outdir, 'report.html'), 'own');
  t.like((await merge({ shards, outdir, report: true })).report, { bytes: 3 }, 'the merge had finished');
});
