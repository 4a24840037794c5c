// Samples on the built addon. How rows are chosen is tested in crate/core/tests/sample; that fingerprints and picks are
// RDKit's, in crate/rdkit-sys/tests/fingerprints.rs and crate/core/src/sample/pool.rs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import {
  apply,
  CancelledError,
  InputError,
  OptionError,
  OutputError,
  type SampleOptions,
  type SampleSummary,
  type SamplingProgress,
  sampleTable,
} from 'xform-native';
import { job, plants, type Row, readParquet, temporaryFolder, writeLargeLibrary, writeParquet } from './util';

/** A finished run, and its products. */
async function finishedRun(t: ExecutionContext): Promise<{ folder: string; outdir: string; rows: Row[] }> {
  const folder = temporaryFolder(t);
  const { files, output_dir: outdir } = await apply(job(folder, { properties: 'MW' }));
  return { folder, outdir, rows: await readParquet(files.products.file) };
}

test('random rows of a run are returned with all their values, in order', async (t) => {
  const { outdir, rows } = await finishedRun(t);
  const { sample, ...summary } = await sampleTable(outdir, { n: 25 });
  t.like(summary, { by: 'random', n: 25, rows: rows.length, rows_filtered: 0, rows_picked: 25, format: null });
  t.deepEqual([summary.id_column, summary.smiles_column, summary.files], ['product_id', 'smiles', []]);
  const places = (sample ?? []).map((row) => rows.findIndex(({ product_id }) => product_id === row['product_id']));
  t.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  const plain = (row: Row) =>
    JSON.parse(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
  t.deepEqual(
    sample,
    places.map((place) => plain(rows[place] ?? {})),
  );
  const again = await sampleTable(outdir, { n: 25, workers: 1 });
  t.deepEqual(again.sample, sample);
  t.notDeepEqual((await sampleTable(outdir, { n: 25, seed: 1 })).sample, sample);
});

/** All keys of a summary; otherwise the compiler complains. */
const keys: Record<keyof SampleSummary, true> = {
  input: true,
  by: true,
  n: true,
  seed: true,
  rows: true,
  rows_filtered: true,
  rows_eligible: true,
  rows_picked: true,
  strata: true,
  diverse: true,
  smiles_column: true,
  id_column: true,
  columns: true,
  sample: true,
  format: true,
  files: true,
  rows_left_out: true,
  values_changed: true,
  was_cut_short: true,
  elapsed_seconds: true,
  warnings: true,
};

test('the keys of a summary are those that are declared', async (t) => {
  t.deepEqual(Object.keys(await sampleTable(plants, { n: 1 })), Object.keys(keys));
});

test('strata give equal numbers of rows, which a file has in any format', async (t) => {
  const { folder, outdir, rows } = await finishedRun(t);
  const output = join(folder, 'some.jsonl');
  const options: SampleOptions = { n: 20, by: 'stratified', strata: ['xf_site_count'], output, where: 'MW < 400' };
  const { strata, files, rows_eligible, sample } = await sampleTable(outdir, options);
  const light = rows.filter((row) => Number(row['MW']) < 400);
  t.deepEqual([rows_eligible, sample, files[0]?.rows], [light.length, null, 20]);
  const counted = (strata ?? []).map(({ values, rows: count }) => [values['xf_site_count'], count]);
  const sites = [...new Set(light.map((row) => Number(row['xf_site_count'])))].sort((a, b) => a - b);
  t.deepEqual(
    counted,
    sites.map((site) => [site, light.filter((row) => Number(row['xf_site_count']) === site).length]),
  );
  const written = readFileSync(output, 'utf8').trimEnd().split('\n');
  const picked = written.map((line) => Number((JSON.parse(line) as Row)['xf_site_count']));
  t.deepEqual(
    (strata ?? []).map((each) => each.picked),
    sites.map((site) => picked.filter((found) => found === site).length),
  );
});

test('diverse rows are molecules, and leaders stand for all others', async (t) => {
  const folder = temporaryFolder(t);
  const chains = Array.from({ length: 30 }, (_, length) => `${'C'.repeat(length + 8)}O`);
  const data = ['C1CC', null, ...chains, 'c1ccccc1', 'OC(=O)c1cccnc1', 'NCCS'];
  const input = await writeParquet(join(folder, 'mine.parquet'), [{ name: 'smiles', data }]);
  const { sample, diverse, warnings } = await sampleTable(input, { by: 'diverse', n: 4 });
  t.deepEqual(diverse, { pick: 'maxmin', threshold: null, pool_rows: 33, rows_unreadable: 2, rows_uncovered: null });
  t.regex(String(warnings[0]), /^2 rows could not be picked, .* the first is row 0 of the table/);
  // Long chains have the same bits, so the three others are picked before a second chain.
  const picked = (sample ?? []).map(({ smiles }) => smiles);
  t.deepEqual(picked.slice(1), data.slice(-3));
  t.true(chains.includes(String(picked[0])));
  const leaders = await sampleTable(input, { by: 'diverse', pick: 'leader', n: 30 });
  t.like(leaders, { rows_picked: 4, diverse: { pick: 'leader', threshold: 0.35, rows_uncovered: 0 } });
  t.regex(String(leaders.warnings[0]), /^4 rows were picked, not 30: every other row/);
});

test('a sample as SDF is drawn', async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, 'some.sdf');
  const { format, rows_left_out } = await sampleTable(plants, { n: 10, output, columns: ['smiles'] });
  t.deepEqual([format, rows_left_out], ['sdf', 0]);
  t.is(readFileSync(output, 'utf8').split('$$$$\n').length, 11);
});

test('what cannot be sampled is refused', async (t) => {
  const folder = temporaryFolder(t);
  const refused = (options: object, expected: object, input = plants) =>
    t.throwsAsync(sampleTable(input, options as SampleOptions), expected);
  await refused({ n: 0 }, { instanceOf: OptionError, message: 'n: must be at least 1' });
  await refused({ n: 5000 }, { message: /^n: 5000 is more than 1000, and without `output` the rows are shown/ });
  await refused({ by: 'stratified' }, { message: 'strata: is required with `by` stratified' });
  await refused({ by: 'stratified', strata: 'all' }, { message: 'strata: must name columns' });
  await refused({ by: 'stratified', strata: ['smile'] }, { message: /^strata: .* did you mean "smiles"\?$/ });
  await refused({ threshold: 0.5 }, { message: 'threshold: requires `pick` leader' });
  await refused({ maxAtoms: 5 }, { message: /^maxAtoms: is not an option; the options are / });
  await refused({}, { instanceOf: InputError, message: /no run has finished in this folder/ }, folder);
  const output = join(folder, 'a.csv');
  await sampleTable(plants, { output });
  await refused({ output }, { instanceOf: OutputError, code: 'XFORM_FILE_EXISTS' });
  await sampleTable(plants, { output, force: true, n: 1 });
  t.is(readFileSync(output, 'utf8').split('\r\n').length, 3);
});

test('a stopped sample leaves nothing, and reports its progress before', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 60_000);
  const controller = new AbortController();
  const phases = new Set<string>();
  const onProgress = ({ phase, rows, rows_total }: SamplingProgress) => {
    t.true(rows <= rows_total);
    phases.add(phase);
    controller.abort('enough');
  };
  const output = join(folder, 'some.csv');
  const { signal } = controller;
  const options: SampleOptions = { by: 'diverse', output, workers: 1 };
  const error = await t.throwsAsync(sampleTable(input, options, { signal, onProgress }));
  t.true(error instanceof CancelledError);
  t.is(error?.cause, 'enough');
  t.deepEqual([...phases], ['fingerprints']);
  t.deepEqual(readdirSync(folder), ['library-60000.parquet']);
  await t.throwsAsync(sampleTable(input, options, { signal }), { code: 'XFORM_CANCELLED' });
  t.false(existsSync(output));
});
