// Ids of products, on the built addon: what they are made of, and a file of products as the input of the next run.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { type ApplyOptions, apply } from 'xform-native';
import { job, readParquet, temporaryFolder, writeParquet } from './util';

/** Two of the rules share a code, one has none, and one gives two products at each site. */
const RULES = `transforms:
- {name: methyl ether, smirks: '[c:1][OX2H:2]>>[c:1][O:2]C', code: OMe}
- {name: ethyl, smirks: '[c:1][OX2H:2]>>[c:1][O:2]CC', code: ether}
- {name: propyl, smirks: '[c:1][OX2H:2]>>[c:1][O:2]CCC', code: ether}
- {name: 'to: halide', smirks: '[c:1][OX2H]>>[c:1]Cl.[c:1]F'}
- {name: chloride, smirks: '[c:1][F,I]>>[c:1]Cl', code: Cl}
`;

/** A run with these rules over `input`, and its products. */
async function ran(folder: string, input: string, options: Partial<ApplyOptions> = {}) {
  const xfConfig = join(folder, 'rules.yaml');
  writeFileSync(xfConfig, RULES);
  const summary = await apply(job(folder, { input, xfConfig, xfName: 'all', force: true, ...options }));
  return { summary, products: await readParquet(summary.files.products.file) };
}

async function idsOf(...given: Parameters<typeof ran>): Promise<unknown[]> {
  return (await ran(...given)).products.map(({ product_id }) => product_id);
}

/** Guaiacol, phenol and catechol; the second one has no id. */
function textLibrary(t: ExecutionContext): [folder: string, input: string] {
  const folder = temporaryFolder(t);
  const input = join(folder, 'library.tsv');
  writeFileSync(input, 'smiles\tid\nCOc1ccccc1O\tCNP:1 %\nOc1ccccc1\t\nOc1ccccc1O\trow:0\n');
  return [folder, input];
}

test('an id names the parent, the transform and the number of the product', async (t) => {
  const [folder, input] = textLibrary(t);
  const ofParent = (id: string) =>
    ['OMe:1', 'ethyl:1', 'propyl:1', 'to%3A%20halide:1', 'to%3A%20halide:2'].map((rest) => `${id}:${rest}`);
  const all = await idsOf(folder, input, { dedup: 'none' });
  t.deepEqual(all, ['CNP%3A1%20%25', 'row:1', 'row%3A0'].flatMap(ofParent));
  const one = await idsOf(folder, input, { dedup: 'none', xfName: 'ethyl' });
  t.deepEqual(one, ['CNP%3A1%20%25:ethyl:1', 'row:1:ethyl:1', 'row%3A0:ethyl:1'], 'rules that are not chosen count');
});

test('products that are dropped leave gaps', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeParquet(join(folder, 'library.parquet'), [
    { name: 'smiles', data: ['Ic1ccccc1I', 'Fc1ccccc1I'] },
    { name: 'mol_id', data: [17n, -3n], type: 'INT64' },
  ]);
  t.deepEqual(await idsOf(folder, input, { xfName: 'Cl', dedup: 'none' }), ['17:Cl:1', '-3:Cl:1', '-3:Cl:2']);
  for (const dedup of ['exact', 'bloom'] as const) {
    t.deepEqual(await idsOf(folder, input, { xfName: 'Cl', dedup, bloomExpectedItems: 1000 }), ['17:Cl:1', '-3:Cl:2']);
  }
});

test('without an id column, the row stands for the id', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeParquet(join(folder, 'library.parquet'), [{ name: 'smiles', data: ['CC', 'Oc1ccccc1'] }]);
  t.deepEqual(await idsOf(folder, input, { xfName: 'OMe' }), ['row:1:OMe:1']);
});

test('a file of products is a library, and its ids name the whole way', async (t) => {
  const [folder, input] = textLibrary(t);
  const { summary } = await ran(folder, input, { xfName: 'OMe' });
  const products = summary.files.products.file;
  const next = await ran(folder, products, { outdir: join(folder, 'next'), keepColumns: ['source_id', 'xf_code'] });
  t.deepEqual(next.summary.columns, {
    format: 'parquet',
    smiles: 'smiles',
    id: 'product_id',
    kept: ['source_source_id', 'source_xf_code'],
  });
  t.like(next.products[0], {
    product_id: 'row%253A0%3AOMe%3A1:OMe:1',
    source_id: 'row%3A0:OMe:1',
    source_source_id: 'row:0',
    source_xf_code: 'OMe',
  });
});

test('keptPrefix names kept columns, and a name that is taken changes with a warning', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeParquet(join(folder, 'library.parquet'), [
    { name: 'smiles', data: ['Oc1ccccc1'] },
    { name: 'row', data: ['a'] },
    { name: 'MW', data: ['b'] },
  ]);
  const keep = { keepColumns: 'all', xfName: 'OMe' } as const;
  const { summary, products } = await ran(folder, input, keep);
  t.like(products[0], { source_row_2: 'a', source_MW: 'b' });
  t.deepEqual(summary.warnings, [
    'the kept column "row" is called "source_row_2" in the output, because another column is called "source_row"',
  ]);
  t.like((await ran(folder, input, { ...keep, keptPrefix: 'parent_' })).products[0], {
    parent_row: 'a',
    parent_MW: 'b',
  });
  const own = await ran(folder, input, { ...keep, keptPrefix: '' });
  t.like(own.products[0], { row: 'a', MW: 'b' });
  t.deepEqual(own.summary.warnings, []);
  const error = await t.throwsAsync(
    ran(folder, input, { ...keep, smilesColumn: '1', keepColumns: ['smiles'], keptPrefix: '' }),
  );
  t.like(error, { code: 'XFORM_INPUT_COLUMN' });
  t.regex(error?.message ?? '', /"smiles" has the name of another column of the output/);
});
