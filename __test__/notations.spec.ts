// Further notations of products, and the fragments that products keep, on the built addon. Their texts are compared
// with Python's elsewhere: in crate/rdkit-sys/tests/notations.rs, and on whole libraries by `npm run verify:oracle`.
import { join } from 'node:path';

import test from 'ava';
import { type ApplyOptions, apply, merge } from 'xform-native';
import { job, readParquet, temporaryFolder, writeSmiles, xform } from './util';

const RACEMATE = 'C[C@H](O)c1ccc(O)cc1 |&1:1|';

test('mapped and reaction SMILES come before properties and carry the numbers of the parent', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, ['[CH3:5]c1ccccc1O']);
  const { files } = await apply(job(folder, { input, mapped: true, cxsmiles: true, properties: 'HBD' }));
  const [row] = await readParquet(files.products.file);
  const names = Object.keys(row ?? {});
  const chosen = ['mapped_smiles', 'reaction_smiles', 'cxsmiles', 'HBD'];
  t.deepEqual(names.slice(names.indexOf('product_site_atoms') + 1), chosen);
  const product = 'C[O:8][c:7]1[c:2]([CH3:1])[cH:3][cH:4][cH:5][cH:6]1';
  t.is(row?.['smiles'], 'COc1ccccc1[CH3:5]', 'which has the numbers of the library');
  t.is(row?.['mapped_smiles'], product);
  t.is(row?.['reaction_smiles'], `[CH3:1][c:2]1[cH:3][cH:4][cH:5][cH:6][c:7]1[OH:8]>>${product}`);
  t.deepEqual(row?.['xf_site_atoms'], [6, 7]);
});

test('stereo groups are written if they are asked for, and missed if not', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, [RACEMATE, 'Oc1ccccc1']);
  const lost = await apply(job(folder, { input, outdir: join(folder, 'lost') }));
  t.is(lost.sums.rows_stereo_groups_dropped, 1);
  t.true(lost.warnings.some((warning) => /^1 rows have stereo groups .* --cxsmiles/.test(warning)));
  const kept = await apply(job(folder, { input, outdir: join(folder, 'kept'), cxsmiles: true }));
  t.is(kept.sums.rows_stereo_groups_dropped, 0);
  t.false(kept.warnings.some((warning) => warning.includes('stereo groups')));
  const rows = await readParquet(kept.files.products.file);
  t.deepEqual(
    rows.map(({ smiles, cxsmiles }) => [smiles, cxsmiles]),
    [
      ['COc1ccc([C@H](C)O)cc1', 'COc1ccc([C@H](C)O)cc1 |&1:6|'],
      ['COc1ccccc1', 'COc1ccccc1'],
    ],
  );
});

test('products keep counterions on request', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, ['[Na+].Oc1ccc(C(=O)[O-])cc1']);
  const smiles = async (options: Partial<ApplyOptions>) => {
    const { files } = await apply(job(folder, { input, force: true, ...options }));
    return (await readParquet(files.products.file)).map((row) => row['smiles']);
  };
  t.deepEqual(await smiles({}), ['COc1ccc(C(=O)[O-])cc1']);
  t.deepEqual(await smiles({ salts: 'drop' }), ['COc1ccc(C(=O)[O-])cc1']);
  t.deepEqual(await smiles({ salts: 'keep' }), ['COc1ccc(C(=O)[O-])cc1.[Na+]']);
});

test('runs that write other notations are not mixed', async (t) => {
  const folder = temporaryFolder(t);
  const part = async (outdir: string, options: Partial<ApplyOptions>) =>
    (await apply(job(folder, { outdir: join(folder, outdir), ...options }))).output_dir;
  const one = await part('one', { shard: '1/2', mapped: true });
  for (const [name, options] of Object.entries<Partial<ApplyOptions>>({
    notations: { cxsmiles: true },
    salts: { mapped: true, salts: 'keep' },
  })) {
    const two = await part(name, { shard: '2/2', ...options });
    const error = await t.throwsAsync(merge({ shards: [one, two], outdir: join(folder, 'merged') }));
    t.regex(error?.message ?? '', new RegExp(name));
  }
});

test('the command takes the same options', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, [RACEMATE]);
  const asked = ['--smirks', '[c:1][OX2H:2]>>[c:1][O:2]C', '--mapped', '--cxsmiles', '--salts', 'keep'];
  const ended = await xform(['apply', '--input', input, '--outdir', join(folder, 'out'), ...asked, '--json']);
  t.is(ended.status, 0, ended.stderr);
  t.like(JSON.parse(ended.stdout).options, { mapped: true, cxsmiles: true, salts: 'keep' });
  const wrong = await xform(['apply', '--input', input, '--outdir', join(folder, 'out'), '--salts', 'none']);
  t.is(wrong.status, 2);
});
