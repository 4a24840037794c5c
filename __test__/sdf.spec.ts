// SDF and mol blocks as a library, on the built addon. What RDKit reads in each record is compared with Python elsewhere, in
// crate/rdkit/tests/mol_blocks.rs, and how records are cut, in crate/core/tests/source/sdf.rs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import test from 'ava';
import {
  type ApplyOptions,
  apply,
  InputError,
  merge,
  OptionError,
  type Summary,
  tryTransform,
  verify,
} from 'xform-native';
import {
  crashAt,
  job,
  jobArguments,
  type Row,
  readParquet,
  root,
  summaryOf,
  temporaryFolder,
  writeParquet,
  writeSmiles,
  xform,
} from './util';

const smirks = '[#6:1][OX2H:2]>>[#6:1][O:2]C';

function fixture(name: string): string {
  return join(root, 'crate', 'core', 'tests', 'fixture', 'sdf', name);
}

/** The SMILES that Python reads in a file. */
function smilesIn(name: string): string[] {
  const lines = readFileSync(fixture('expected.tsv'), 'utf8').trimEnd().split('\n');
  const rows = lines.map((line) => line.split('\t'));
  return rows.filter(([file]) => file === name).map(([, , smiles]) => smiles as string);
}

function run(folder: string, name: string, changes: Partial<ApplyOptions>): Promise<Summary> {
  const { xfConfig: _file, xfName: _names, ...rest } = job(folder, { smirks, outdir: join(folder, name), ...changes });
  return apply(rest as ApplyOptions);
}

/** The records of a file. */
function records(name: string): string[] {
  return readFileSync(fixture(name), 'utf8')
    .split('$$$$\n')
    .slice(0, -1)
    .map((record) => `${record}$$$$\n`);
}

/** The products, without what a library of SMILES cannot have. */
async function products({ files }: Summary): Promise<Row[]> {
  const rows = await readParquet(files.products.file);
  return rows.map(({ source_id: _id, product_id: _product, ...row }) => row);
}

for (const name of ['rdkit-2d.sdf', 'rdkit-3d.sdf', 'rdkit-v3000.sdf', 'openbabel.sdf', 'pubchem.sdf', 'chembl.sdf']) {
  test(`the products of ${name} are those of its SMILES`, async (t) => {
    const folder = temporaryFolder(t);
    const ofBlocks = await run(folder, 'blocks', { input: fixture(name), properties: 'quick' });
    const ofSmiles = await run(folder, 'smiles', {
      input: writeSmiles(folder, smilesIn(name)),
      properties: 'quick',
    });
    t.deepEqual(await products(ofBlocks), await products(ofSmiles));
    t.true(ofBlocks.unique_products > 5);
    t.like(ofBlocks.columns, { smiles: 'mol block', notation: 'mol_block', id: 'title', format: 'sdf' });
    t.like(await verify(ofBlocks.output_dir), { ok: true });
  });
}

test('the bytes do not depend on workers, compression or shards', async (t) => {
  const folder = temporaryFolder(t);
  const many = [...records('rdkit-2d.sdf'), ...records('edges.sdf')].join('').repeat(40);
  const input = join(folder, 'library.sdf');
  writeFileSync(input, many);
  const keep = { input, keepColumns: 'all', columnType: ['number=int'] } as const;
  const one = await run(folder, 'one', { ...keep, workers: 1 });
  const two = await run(folder, 'two', { ...keep, workers: 2, batchSize: 7 });
  t.true(one.rejected_rows > 500);
  const bytes = ({ files }: Summary) => [files.products, files.rejects].map(({ file }) => readFileSync(file));
  t.deepEqual(bytes(two), bytes(one));
  const shards: string[] = [];
  for (const index of [1, 2, 3])
    shards.push((await run(folder, `${index}`, { ...keep, shard: `${index}/3` })).output_dir);
  const merged = await merge({ shards, outdir: join(folder, 'merged') });
  t.deepEqual(bytes(merged), bytes(one));
  const [row] = await readParquet(one.files.products.file);
  t.is(typeof row?.['source_number'], 'bigint');

  const packed = join(folder, 'packed.sdf.gz');
  writeFileSync(packed, gzipSync(many));
  t.deepEqual(await products(await run(folder, 'packed', { ...keep, input: packed })), await products(one));
});

test('a reject has its code and the line of the file, and no mol block', async (t) => {
  const folder = temporaryFolder(t);
  const summary = await run(folder, 'out', { input: fixture('edges.sdf') });
  const expected = smilesIn('edges.sdf').flatMap((text, row) =>
    text.startsWith('(') ? [[row, text.slice(1, -1)]] : [],
  );
  const rejects = await readParquet(summary.files.rejects.file);
  // One of them is a SMILES that RDKit writes and does not read again.
  const unread = rejects.filter(({ source_smiles }) => source_smiles === null);
  t.deepEqual(
    unread.map((reject) => [Number(reject['source_row']), reject['code']]),
    expected,
  );
  t.true(unread.every(({ stage, reason }) => stage === 'parse' && /line \d+/.test(String(reason))));
  t.is(summary.rows_simplified, 2);
  t.true(summary.warnings.some((warning) => warning.startsWith('2 mol blocks have substance groups')));
  t.like(await verify(summary.output_dir), { ok: true });
});

test('values that do not have the type of their column are rejects', async (t) => {
  const folder = temporaryFolder(t);
  const input = { input: fixture('rdkit-2d.sdf'), keepColumns: ['note'] };
  const summary = await run(folder, 'out', { ...input, columnType: 'note=float' });
  const [reject] = await readParquet(summary.files.rejects.file);
  t.like(reject, { code: 'bad_value', stage: 'input', source_smiles: null });
  t.is(reject?.['reason'], '"a\\nb 1" in the column "source_note" is not a number');
  const refused = (columnType: string) => run(folder, 'refused', { ...input, columnType });
  await t.throwsAsync(refused('note'), {
    instanceOf: OptionError,
    message: /^columnType: "note" does not give a column/,
  });
  await t.throwsAsync(refused('number=int'), { instanceOf: InputError, message: /neither the id nor a kept column/ });
});

test('a column of Parquet or CSV may hold mol blocks', async (t) => {
  const folder = temporaryFolder(t);
  const blocks = records('rdkit-2d.sdf').map((record) => record.slice(0, record.indexOf('M  END') + 7));
  const expected = await products(await run(folder, 'sdf', { input: fixture('rdkit-2d.sdf') }));
  const parquet = await writeParquet(join(folder, 'library.parquet'), [{ name: 'mol', data: blocks }]);
  const csv = join(folder, 'library.csv');
  writeFileSync(csv, ['mol', ...blocks.map((block) => `"${block}"`)].join('\n'));
  for (const [name, input] of Object.entries({ parquet, csv })) {
    const summary = await run(folder, name, { input, molblockColumn: 'mol' });
    t.deepEqual(await products(summary), expected, name);
    t.like(summary.columns, { smiles: 'mol', notation: 'mol_block', id: null });
  }
  const both = run(folder, 'both', { input: csv, molblockColumn: 'mol', smilesColumn: 'mol' });
  await t.throwsAsync(both, { instanceOf: OptionError, message: /cannot be combined with `smilesColumn`/ });
  await t.throwsAsync(run(folder, 'typed', { input: parquet, molblockColumn: 'mol', columnType: 'mol=int' }), {
    instanceOf: OptionError,
    message: /columnType: has no meaning for Parquet/,
  });
});

test('known molecules may be an SDF', async (t) => {
  const folder = temporaryFolder(t);
  const same = { input: fixture('rdkit-2d.sdf'), smirks: '[*:1]>>[*:1]', maxSites: 1 };
  const bySdf = await run(folder, 'sdf', { ...same, exclude: fixture('rdkit-2d.sdf') });
  const bySmiles = await run(folder, 'smiles', { ...same, exclude: writeSmiles(folder, smilesIn('rdkit-2d.sdf')) });
  t.true(bySdf.sums.known > 50);
  t.is(bySdf.sums.known, bySmiles.sums.known);
  t.like(bySdf.known_files?.[0], { smiles: 'mol block', notation: 'mol_block', unreadable: 0 });
});

test('try shows the SMILES of the first records', async (t) => {
  const tried = await tryTransform([], { smirks, input: fixture('edges.sdf'), limit: 3 });
  t.deepEqual(
    tried.map(({ source_row, source_smiles }) => [source_row, source_smiles]),
    [
      [0, 'CO'],
      [1, 'CO'],
      [2, ''],
    ],
  );
  t.is(tried[0]?.transforms[0]?.products[0]?.smiles, 'COC');
});

test.serial('a record that crashes RDKit is a reject, and a crash in a transform has its SMILES', async (t) => {
  const folder = temporaryFolder(t);
  // Rows without a site never reach the transform.
  const args = jobArguments(folder, '-i', fixture('rdkit-2d.sdf'), '--json');
  const whole = await readParquet(summaryOf(await xform(args)).files.products.file);
  const [row = '', other = ''] = [...new Set(whole.map(({ source_smiles }) => String(source_smiles)))];
  const ended = await xform([...args, '--force'], { env: crashAt(t, `abort:${row};abort@0:${other}`) });
  t.is(ended.status, 0, ended.stderr);
  t.like(summaryOf(ended), { quarantined: { crashed: 2 } });
  const rejects = await readParquet(join(folder, 'out', 'rejects.parquet'));
  const crashed = rejects.filter(({ code }) => code === 'crashed').map(({ source_smiles }) => source_smiles);
  t.deepEqual(crashed.sort(), [other, null].sort());
});
