// Galleries on the built addon. How rows are divided into files is tested in crate/core/tests/gallery, pictures in
// crate/rdkit-sys/tests/pictures.rs, the page in a browser in __test__/pages.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import test, { type ExecutionContext } from 'ava';
import { apply, CancelledError, gallery, InputError, OptionError, OutputError } from 'xform-native';
import { job, plants, readParquet, root, temporaryFolder, writeParquet } from './util';

interface Molecule {
  row: number;
  id: string | null;
  smiles: string;
  rule: string | null;
  parent: { id: string | null; smiles: string } | null;
  values: unknown[];
  matches: boolean[];
  page?: number;
  drawing?: string;
  parent_drawing?: string;
  fault?: string;
}

interface Data {
  title: string;
  rows: number;
  shown: number;
  columns: { name: string; type: string }[];
  page: { number: number; of: number };
  files: string[];
  molecules: Molecule[];
}

/** The data of a page. */
function dataOf(file: string): Data {
  const [, packed = ''] = /<script type="application\/octet-stream" id="data">([^<]*)<\/script>/.exec(
    readFileSync(file, 'utf8'),
  ) as RegExpExecArray;
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as Data;
}

async function finishedRun(t: ExecutionContext) {
  const folder = temporaryFolder(t);
  const { files, output_dir: outdir } = await apply(job(folder, { properties: 'MW' }));
  return { folder, outdir, rows: await readParquet(files.products.file) };
}

test('the products of a run stand beside their parents', async (t) => {
  const { outdir, rows } = await finishedRun(t);
  const summary = await gallery(outdir, { query: '[OX2H]' });
  t.like(summary, { rows_total: rows.length, rows_shown: Math.min(rows.length, 500), not_drawn: 0, not_aligned: 0 });
  t.deepEqual(summary.warnings, []);
  const file = join(outdir, 'gallery.html');
  t.deepEqual(
    summary.files.map(({ file }) => file),
    [file],
  );
  const data = dataOf(file);
  t.deepEqual(data.columns, [{ name: 'MW', type: 'number' }]);
  for (const [index, molecule] of data.molecules.entries()) {
    const row = rows[index] as (typeof rows)[number];
    t.like(molecule, { row: index, id: row['product_id'], smiles: row['smiles'], rule: row['xf_name'] });
    t.deepEqual(molecule.parent, { id: row['source_id'], smiles: row['source_smiles'] });
    t.deepEqual(molecule.values, [row['MW']]);
    t.true(
      [molecule.drawing, molecule.parent_drawing].every((svg) => svg?.startsWith('<svg ') && svg.endsWith('</svg>\n')),
    );
    t.is(molecule.fault, undefined);
  }
  t.is(summary.queries[0]?.molecules, data.molecules.filter(({ matches }) => matches[0]).length);
});

test('the page is small, and equal for any number of workers', async (t) => {
  const { folder, outdir } = await finishedRun(t);
  const pages = [1, 3].map((workers) => join(folder, `${workers}.html`));
  for (const [index, output] of pages.entries()) await gallery(outdir, { output, workers: 1 + 2 * index });
  const [one, other] = pages.map((page) => readFileSync(page));
  t.true(one?.equals(other as Buffer));
  t.true((one as Buffer).length < 5_000_000);
});

test('a parent that was standardized is the one that reacted', async (t) => {
  const folder = temporaryFolder(t);
  const input = join(folder, 'salts.smi');
  writeFileSync(input, '[Na+].[O-]c1ccc(CO)cc1 salt\n');
  const { output_dir: outdir } = await apply(job(folder, { input, standardize: 'parent' }));
  t.like(await gallery(outdir), { rows_shown: 1, not_aligned: 0 });
  t.is(dataOf(join(outdir, 'gallery.html')).molecules[0]?.parent?.smiles, 'OCc1ccc(O)cc1');
});

test('every rule of the package has aligned pictures', async (t) => {
  const folder = temporaryFolder(t);
  const xfConfig = join(root, 'configs', 'transforms.yaml');
  const { output_dir: outdir } = await apply(job(folder, { xfConfig, xfName: 'all', limit: 40 }));
  const { not_drawn, not_aligned, rows_shown } = await gallery(outdir, { limit: 2000 });
  t.true(rows_shown > 500);
  t.deepEqual([not_drawn, not_aligned], [0, 0]);
});

test('any library is shown, bad molecules with their reason', async (t) => {
  const folder = temporaryFolder(t);
  const input = join(folder, 'mine.csv');
  writeFileSync(input, 'smiles,id,note\nCCO,<b>1</b>,</script>\nC1CC,2,open ring\n');
  const summary = await gallery(input);
  t.like(summary, { rows_shown: 2, not_drawn: 1 });
  t.regex(String(summary.warnings[0]), /^1 molecules were not drawn/);
  const { molecules } = dataOf(join(folder, 'mine.gallery.html'));
  t.is(molecules[0]?.id, '<b>1</b>');
  t.deepEqual(molecules[0]?.values, ['</script>']);
  t.regex(String(molecules[1]?.fault), /^not drawn: .*ring/);
  const sdf = join(folder, 'drawn.sdf');
  writeFileSync(sdf, readFileSync(join(root, 'crate/core/tests/fixture/sdf/rdkit-2d.sdf')));
  t.like(await gallery(sdf), { not_drawn: 0 });
});

test('more than 500 molecules are pages beside an index', async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, 'plants.html');
  const { files } = await gallery(plants, { output, limit: 1000 });
  t.deepEqual(
    files.map(({ molecules }) => molecules),
    [500, 500, 1000],
  );
  const index = dataOf(output);
  t.deepEqual(index.files, ['plants-001.html', 'plants-002.html']);
  t.deepEqual(index.page, { number: 0, of: 2 });
  t.is(index.molecules.find(({ row }) => row === 500)?.page, 2);
});

test('a grid is one SVG or PNG', async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, 'slide.svg');
  t.like(await gallery(plants, { output, grid: '3x2' }), { rows_shown: 6 });
  t.is([...readFileSync(output, 'utf8').matchAll(/<svg x=/g)].length, 6);
  const png = join(folder, 'slide.png');
  t.like(await gallery(plants, { output: png, grid: '3x2' }), { rows_shown: 6 });
  const bytes = readFileSync(png);
  t.is(bytes.toString('latin1', 1, 4), 'PNG');
  t.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2 * 3 * 280, 2 * 2 * (210 + 26)]);
});

test('what is wrong is said before anything is written', async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, 'page.html');
  const query = await t.throwsAsync(gallery(plants, { output, query: ['C', 'c1cc('] }), { instanceOf: OptionError });
  t.regex(String(query?.message), /^query: "c1cc\(": .*SMARTS.* at (its end|character \d+)/);
  await t.throwsAsync(gallery(plants, { output, columns: ['nothing'] }), { instanceOf: OptionError });
  await t.throwsAsync(gallery(plants, { output, where: 'smiles <' }), { instanceOf: OptionError });
  await t.throwsAsync(gallery(plants, { output: join(folder, 'grid.pdf'), grid: '2x2' }), { instanceOf: OptionError });
  await t.throwsAsync(gallery(folder, { output }), { instanceOf: InputError });
  t.deepEqual(readdirSync(folder), []);
  writeFileSync(output, 'mine');
  await t.throwsAsync(gallery(plants, { output }), { instanceOf: OutputError, code: 'XFORM_FILE_EXISTS' });
  t.is(readFileSync(output, 'utf8'), 'mine');
  await gallery(plants, { output, force: true, limit: 3 });
  t.is(dataOf(output).molecules.length, 3);
});

test('a gallery that is stopped leaves nothing', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeParquet(join(folder, 'many.parquet'), [
    { name: 'smiles', data: Array.from({ length: 20_000 }, () => 'CC(C)Cc1ccc(C(C)C(=O)O)cc1') },
  ]);
  const output = join(folder, 'many.html');
  const stop = new AbortController();
  const reports: number[] = [];
  const onProgress = ({ rows, rows_total }: { rows: number; rows_total: number }) => {
    reports.push(rows_total);
    if (rows > 0) stop.abort(new Error('enough'));
  };
  const call = gallery(input, { output, limit: 20_000, workers: 1 }, { signal: stop.signal, onProgress });
  await t.throwsAsync(call, { instanceOf: CancelledError });
  t.true(reports.length > 0 && reports.every((total) => total === 20_000));
  t.deepEqual(readdirSync(folder), ['many.parquet']);
});
