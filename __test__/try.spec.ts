// `try` and `tryTransform`: sites, excluded sites and products of a few molecules.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { ConfigError, InputError, OptionError, tryTransform } from 'xform-native';
import { config, OME, plants, temporaryFolder, writeSmiles, xform } from './util';

const smirks = '[c:1][OX2H:2]>>[c:1][O:2]C';
const HYDROQUINONE = 'Oc1ccc(O)cc1';

test('a trial has every site with its atoms, and each distinct product', async (t) => {
  const [molecule] = await tryTransform(HYDROQUINONE, { smirks });
  t.like(molecule, { source_row: null, source_smiles: HYDROQUINONE, rejects: [] });
  const [trial] = molecule?.transforms ?? [];
  t.like(trial, { xf_name: 'smirks', rejects: [], counts: { sites: 2, sites_applied: 2, made: 1 } });
  t.deepEqual(trial?.sites, [
    { xf_site_index: 0, atoms: [atom(1, 'c'), atom(0, 'O')], excluded_by: null },
    { xf_site_index: 1, atoms: [atom(4, 'c'), atom(5, 'O')], excluded_by: null },
  ]);
  t.like(trial?.products, { 0: { smiles: 'COc1ccc(O)cc1', xf_site_index: 0, xf_site_count: 2 } });
});

function atom(index: number, symbol: string) {
  return { index, symbol };
}

test('an excluded site names the filter', async (t) => {
  const limited = await tryTransform(HYDROQUINONE, { smirks, maxSites: 1 });
  const excluded = limited[0]?.transforms[0]?.sites.map(({ excluded_by }) => excluded_by);
  t.deepEqual(excluded?.sort(), ['limit', null]);
  const glucose = 'OCC1OC(O)C(O)C(O)C1O';
  const sugar = await tryTransform(glucose, { smirks: '[C:1][OX2H:2]>>[C:1][O:2]C', excludeSugarLike: true });
  t.true(sugar[0]?.transforms[0]?.sites.every(({ excluded_by }) => excluded_by === 'sugar'));
});

test('molecules come from the call, then from a file', async (t) => {
  const input = writeSmiles(temporaryFolder(t), ['Oc1ccccc1', 'C(', 'CO']);
  const tried = await tryTransform(['C'], { smirks, input, limit: 2 });
  t.deepEqual(
    tried.map(({ source_row, source_smiles }) => [source_row, source_smiles]),
    [
      [null, 'C'],
      [0, 'Oc1ccccc1'],
      [1, 'C('],
    ],
  );
  t.like(tried[2], { rejects: [{ code: 'syntax' }], transforms: [] });
  t.is((await tryTransform([], { smirks, input: plants })).length, 20);
});

test('several transforms of a file are tried, and a failure has its code', async (t) => {
  const [molecule] = await tryTransform('Oc1ccccc1', { xfConfig: config, xfName: 'all' });
  t.is(molecule?.transforms.length, 32);
  t.is(molecule?.transforms.find(({ xf_name }) => xf_name === OME)?.products[0]?.smiles, 'COc1ccccc1');
  const failed = await tryTransform('COC', { smirks: '[O:1]>>[O:1]C' });
  t.like(failed[0]?.transforms[0]?.rejects[0], { code: 'valence', xf_site_index: 0 });
});

test('properties and notations are shown beside the products', async (t) => {
  const chosen = { smirks, properties: ['MW', 'HBD'], mapped: true, cxsmiles: true };
  const [molecule] = await tryTransform('Oc1ccccc1', chosen);
  t.like(molecule?.transforms[0]?.products[0], {
    HBD: 0,
    mapped_smiles: 'C[O:1][c:2]1[cH:3][cH:4][cH:5][cH:6][cH:7]1',
    cxsmiles: 'COc1ccccc1',
  });
  const [quinone] = await tryTransform('O=C1C=CC(=O)C=C1CO', {
    smirks: '[C:1][OX2H:2]>>[C:1][O:2]C',
    alerts: 'PAINS,BRENK',
  });
  t.deepEqual(quinone?.transforms[0]?.products[0]?.alerts, ['quinone_A(370)', 'chinone_1']);
  const { stdout } = await xform(['try', 'Oc1ccccc1', '--smirks', smirks, '--properties', 'MW,HBD']);
  t.regex(stdout, /^ +site +atoms +product +MW +HBD$/m);
  t.regex(stdout, /^ +0 +1 c, 0 O +COc1ccccc1 +108\.140 +0$/m);
});

test('the command prints a table, and a picture on request', async (t) => {
  const folder = temporaryFolder(t);
  const picture = join(folder, 'picture.svg');
  const ended = await xform(['try', HYDROQUINONE, '--smirks', smirks, '--svg', picture]);
  t.is(ended.status, 0, ended.stderr);
  t.regex(ended.stdout, /^ +0 +1 c, 0 O +COc1ccc\(O\)cc1$/m);
  t.regex(readFileSync(picture, 'utf8'), /^<\?xml[\s\S]*<svg/);
  const json = await xform(['try', HYDROQUINONE, 'C', '--smirks', smirks, '--json']);
  t.is((JSON.parse(json.stdout) as { molecules: unknown[] }).molecules.length, 2);
  t.is((await xform(['try', HYDROQUINONE, 'C', '--smirks', smirks, '--svg', picture])).status, 2);
});

test('what cannot be tried is an error', async (t) => {
  await t.throwsAsync(tryTransform('C', {}), { instanceOf: OptionError });
  await t.throwsAsync(tryTransform([], { smirks }), { instanceOf: OptionError });
  await t.throwsAsync(tryTransform('C', { smirks: '[C:1>>C' }), { instanceOf: ConfigError });
  await t.throwsAsync(tryTransform([], { smirks, input: '/nowhere.smi' }), { instanceOf: InputError });
  t.is((await xform(['try', 'C'])).status, 2);
});
