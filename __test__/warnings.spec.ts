// The warnings of a run: transforms that are probably not what their author meant.
import test from 'ava';
import { apply, check } from 'xform-native';

import { job, temporaryFolder, writeSmiles, writeTransforms } from './util';

test('the run warns of a transform most of whose sites fail, with share, cause and an example', async (t) => {
  const folder = temporaryFolder(t);
  // Any oxygen, although only a hydroxyl has room for a methyl group.
  const xfConfig = writeTransforms(folder, { METHYLATE: '[O:1]>>[O:1]C' });
  const input = writeSmiles(folder, ['CO', 'CC(C)=O', 'COC']);
  const { warnings, transforms } = await apply(job(folder, { input, xfConfig, xfName: 'METHYLATE' }));
  t.is(warnings.length, 1, warnings.join('\n'));
  t.regex(
    warnings[0] ?? '',
    /^transform "METHYLATE": 2 of the 3 sites that were run \(66\.7 %\) gave no product, most often with code valence, for example in row 1: Explicit valence for atom # \d O, 3, is greater than permitted; check the SMIRKS$/,
  );
  t.like(transforms[0]?.commonest_failure, { code: 'valence', records: 2, source_row: 1 });
});

test('the run warns of what a review of its transforms finds, before and after the run', async (t) => {
  const folder = temporaryFolder(t);
  const xfConfig = writeTransforms(folder, { LOST: '[c:1][OH:2]>>[c:1][O:3]C', GOOD: '[c:1][OH:2]>>[c:1][O:2]C' });
  const options = job(folder, { input: writeSmiles(folder, ['Oc1ccccc1']), xfConfig, xfName: 'all' });
  const expected = [
    'transform "LOST": map_only_in_product: atom 3 is a new atom, because the reactant template has no such number; run ' +
      `xform-native rules check ${xfConfig} for details`,
  ];
  t.deepEqual((await check(options)).warnings, expected);
  t.deepEqual((await apply(options)).warnings, expected);
});

test('the run counts products that are their parent, and warns of a transform that gives little else', async (t) => {
  const folder = temporaryFolder(t);
  const xfConfig = writeTransforms(folder, {
    IDLE: '[C:1][OX2H:2]>>[C:1][O:2]',
    OXIDIZE: '[CH2:1][OX2H:2]>>[CH:1]=[O:2]',
  });
  const input = writeSmiles(folder, ['OCC', 'CO', 'CCCO']);
  const { warnings, transforms, sums } = await apply(job(folder, { input, xfConfig, xfName: 'all' }));
  const ofCounts = warnings.filter((warning) => !warning.includes('rules check'));
  t.deepEqual(ofCounts, ['transform "IDLE": 3 of 3 products (100.0 %) are the same as their parent; check the SMIRKS']);
  t.deepEqual(
    transforms.map(({ sums: { made, products_same_as_parent } }) => [made, products_same_as_parent]),
    [
      [3, 3],
      [2, 0],
    ],
  );
  t.is(sums.products_same_as_parent, 3);
});
