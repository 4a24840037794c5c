// Exports on the built addon. What each format holds in detail is tested in crate/core/tests/export; that SDF has RDKit's
// mol blocks, in crate/rdkit-sys/tests/mol_blocks.rs; that other programs read the files, by `npm run verify:oracle`.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import test, { type ExecutionContext } from 'ava';
import {
  apply,
  CancelledError,
  type ExportOptions,
  exportTable,
  InputError,
  OptionError,
  OutputError,
} from 'xform-native';
import { job, plants, type Row, readParquet, temporaryFolder, writeLargeLibrary, writeParquet } from './util';

/** A finished run, and its products. */
async function finishedRun(t: ExecutionContext): Promise<{ folder: string; outdir: string; rows: Row[] }> {
  const folder = temporaryFolder(t);
  const { files, output_dir: outdir } = await apply(job(folder, { properties: 'MW', keepColumns: 'all' }));
  return { folder, outdir, rows: await readParquet(files.products.file) };
}

/** The records of SDF: title, mol block and properties. */
function records(text: string): { title: string; block: string; properties: Record<string, string> }[] {
  return text
    .split('$$$$\n')
    .slice(0, -1)
    .map((record) => {
      const end = record.indexOf('M  END\n');
      const properties = [...record.slice(end).matchAll(/^> {2}<(.+)>\n(.*)\n\n/gm)];
      return {
        title: record.slice(0, record.indexOf('\n')),
        block: record.slice(0, end),
        properties: Object.fromEntries(properties.map(([, name, value]) => [name, value])),
      };
    });
}

test('the products of a run are exported with all their values', async (t) => {
  const { folder, outdir, rows } = await finishedRun(t);
  const output = join(folder, 'products.jsonl.gz');
  const summary = await exportTable(outdir, { output });
  t.is(summary.rows_written, rows.length);
  t.deepEqual(summary.columns, Object.keys(rows[0] ?? {}));
  const lines = gunzipSync(readFileSync(output)).toString().trimEnd().split('\n');
  const plain = (row: Row) =>
    JSON.parse(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
  t.deepEqual(
    lines.map((line) => JSON.parse(line)),
    rows.map(plain),
  );
});

test('SDF has a drawn molecule for each product, with the columns as properties', async (t) => {
  const { folder, outdir, rows } = await finishedRun(t);
  const output = join(folder, 'products.sdf');
  const summary = await exportTable(outdir, { output, columns: ['smiles', 'MW', 'xf_site_atoms'], workers: 2 });
  t.like(summary, { format: 'sdf', rows_written: rows.length, rows_left_out: 0, warnings: [] });
  const found = records(readFileSync(output, 'utf8'));
  t.deepEqual(
    found.map(({ title, properties: { MW, ...others } }) => [title, { MW: Number(MW), ...others }]),
    rows.map((row) => [
      row['product_id'],
      { MW: row['MW'], smiles: row['smiles'], xf_site_atoms: JSON.stringify(row['xf_site_atoms']) },
    ]),
  );
  t.true(found.every(({ block }) => /^.*\n {5}RDKit {10}2D\n\n.* V2000\n/.test(block)));
});

test('a row whose molecule cannot be read is left out of SDF, counted and named', async (t) => {
  const folder = temporaryFolder(t);
  const data = ['CO', 'C1CC', null, 'CN'];
  const input = await writeParquet(join(folder, 'mine.parquet'), [{ name: 'structure', data }]);
  const output = join(folder, 'mine.sdf');
  const { rows_written, rows_left_out, warnings } = await exportTable(input, { output });
  t.deepEqual([rows_written, rows_left_out], [2, 2]);
  t.regex(String(warnings[0]), /^2 rows were left out, .* the first is row 1 of the table/);
  t.deepEqual(
    records(readFileSync(output, 'utf8')).map(({ properties }) => properties['structure']),
    ['CO', 'CN'],
  );
});

test('rows are chosen, and divided by the transform', async (t) => {
  const { folder, outdir, rows } = await finishedRun(t);
  const options: ExportOptions = {
    output: join(folder, 'p.csv'),
    partitionBy: 'xf_name',
    where: 'MW < 300',
    limit: 50,
  };
  const { files, rows_read, rows_filtered } = await exportTable(outdir, options);
  const light = rows.filter((row) => Number(row['MW']) < 300).slice(0, 50);
  t.deepEqual(
    files.map(({ file, rows: count }) => [file, count]),
    [[join(folder, 'p.xf_name=FG_PHENOL_OH__OH__TO__OMe.csv'), light.length]],
  );
  t.is(rows_read - rows_filtered, light.length);
});

test('what cannot be exported is refused', async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, 'a.csv');
  const refused = (input: string, options: object, expected: object) =>
    t.throwsAsync(exportTable(input, options as ExportOptions), expected);
  await refused(plants, {}, { instanceOf: OptionError, message: 'output: is required' });
  await refused(plants, { output, format: 'xml' }, { message: /^format: must be one of csv, tsv, smi/ });
  await refused(plants, { output, maxAtoms: 5 }, { message: /^maxAtoms: is not an option; the options are / });
  await refused(plants, { output, partitionBy: 'smile' }, { message: /^partitionBy: .* did you mean "smiles"\?$/ });
  await refused(plants, { output: join(folder, 'a.sdf'), spreadsheet: true }, { message: /^spreadsheet: is for csv/ });
  await refused(folder, { output }, { instanceOf: InputError, message: /no run has finished in this folder/ });
  await exportTable(plants, { output });
  await refused(plants, { output }, { instanceOf: OutputError, code: 'XFORM_FILE_EXISTS' });
  await exportTable(plants, { output, force: true, limit: 1 });
  t.is(readFileSync(output, 'utf8').split('\r\n').length, 3);
});

test('a stopped export leaves nothing, and reports its progress before', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 60_000);
  const controller = new AbortController();
  const onProgress = ({ rows, rows_total }: { rows: number; rows_total: number }) => {
    t.true(rows <= rows_total);
    controller.abort('enough');
  };
  const output = join(folder, 'all.sdf');
  const { signal } = controller;
  const error = await t.throwsAsync(exportTable(input, { output }, { signal, onProgress }));
  t.true(error instanceof CancelledError);
  t.is(error?.cause, 'enough');
  t.deepEqual(readdirSync(folder), ['library-60000.parquet']);
  await t.throwsAsync(exportTable(input, { output }, { signal }), { code: 'XFORM_CANCELLED' });
  t.false(existsSync(output));
});

/** The exports of a call of `apply`. */
const formats = ['csv', 'smi'] as const;

test('apply exports the products in the formats that it is asked for', async (t) => {
  const folder = temporaryFolder(t);
  for (const isolate of [false, true]) {
    const options = job(folder, { outdir: join(folder, `out-${isolate}`), format: ['csv', 'smi', 'csv'], isolate });
    const summary = await apply(options);
    t.deepEqual(Object.keys(summary.exports ?? {}), [...formats]);
    const { rows } = summary.files.products;
    t.like(summary.exports?.csv, { file: join(options.outdir, 'products.csv'), rows });
    t.is(readFileSync(join(options.outdir, 'products.smi'), 'utf8').split('\n').length, rows + 1);
    t.is(readFileSync(join(options.outdir, 'products.csv'), 'utf8').split('\r\n').length, rows + 2);
  }
});

test('with resume, a finished run gets the exports that are missing; with force, none of an earlier run stays', async (t) => {
  const options = job(temporaryFolder(t), { format: 'csv' });
  await apply(options);
  const csv = join(options.outdir, 'products.csv');
  writeFileSync(csv, 'as it was');
  const { exports, already_finished } = await apply({ ...options, format: [...formats], resume: true });
  t.true(already_finished);
  t.is(readFileSync(csv, 'utf8'), 'as it was');
  t.deepEqual(exports?.csv, { file: csv, rows: null, bytes: 9 });
  t.true((exports?.smi?.rows ?? 0) > 0);
  const pages = ['gallery.html', 'report.html'].map((name) => join(options.outdir, name));
  for (const page of pages) writeFileSync(page, 'of the earlier run');
  await apply({ ...options, format: 'smi', force: true });
  t.deepEqual([csv, ...pages].filter(existsSync), []);
});

test('apply refuses an export before the run', async (t) => {
  const options = job(temporaryFolder(t));
  const refused = (changes: object, expected: object) => t.throwsAsync(apply({ ...options, ...changes }), expected);
  await refused({ format: 'xml' }, { message: 'format: "xml" is not one of csv, tsv, smi, sdf, jsonl, arrow' });
  await refused({ format: 'csv', shard: '1/2' }, { message: /^format: cannot be combined with `shard`/ });
  mkdirSync(options.outdir);
  writeFileSync(join(options.outdir, 'products.csv'), 'mine');
  await refused({ format: 'csv' }, { code: 'XFORM_FILE_EXISTS' });
  t.deepEqual(readdirSync(options.outdir), ['products.csv']);
  const { exports } = await apply(options);
  t.is(exports, undefined);
  t.is(readFileSync(join(options.outdir, 'products.csv'), 'utf8'), 'mine', "without an export, it is nobody else's");
});
