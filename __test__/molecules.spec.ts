// transformSmiles and loadTransforms: a few molecules at a time, and the file of transforms.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { ConfigError, loadTransforms, OptionError, transformSmiles, versions } from 'xform-native';
import { config, OME, root, temporaryFolder } from './util';

const methylation = { smirks: '[c:1][OX2H:2]>>[c:1][O:2]C' };

test('the predecessor’s transform file loads as it is', async (t) => {
  const { version, transforms, notices, sha256 } = await loadTransforms(config);
  t.is(version, 1);
  t.is(transforms.length, 32);
  t.deepEqual(notices, []);
  t.regex(sha256, /^[0-9a-f]{64}$/);
  t.deepEqual(transforms[0], {
    name: OME,
    smirks: '[c:1][OX2H:2]>>[c:1][O:2]C',
    query_smarts: '[c:1][OX2H:2]',
    code: OME,
    label: 'OH->OMe',
    legacy_rule_id: 'OH_to_OMe',
    family: 'phenol_mod',
    scope_classes: ['polyphenol', 'terpenoid'],
    highlight_mapnums: [2],
    product_highlight_symbol: 'O',
    max_sites_per_mol: null,
    exclude_sugar_like: true,
    prob: null,
    examples: [
      { in: 'Oc1ccccc1', out: 'COc1ccccc1' },
      { in: 'OCc1ccc(O)cc1', out: 'COc1ccc(CO)cc1' },
    ],
  });
});

test('every transform of the file gives its examples', async (t) => {
  const { transforms } = await loadTransforms(config);
  for (const transform of transforms) {
    const examples = transform.examples.flatMap((example) => ('in' in example ? [example] : []));
    const results = await transformSmiles(
      examples.map((example) => example.in),
      transform,
    );
    examples.forEach((example, index) => {
      const products = results[index]?.products.map(({ smiles }) => smiles) ?? [];
      const wanted = [example.out].flat();
      t.true(
        wanted.every((smiles) => products.includes(smiles)),
        `${transform.name}: ${example.in} gives ${products}`,
      );
    });
  }
});

test('a product comes with its site, and one molecule gives one result', async (t) => {
  const result = await transformSmiles('Oc1ccc(O)cc1', methylation);
  t.deepEqual(result, {
    source_smiles: 'Oc1ccc(O)cc1',
    outcome: 'with_products',
    products: [
      {
        smiles: 'COc1ccc(O)cc1',
        product_index: 0,
        xf_site_index: 0,
        xf_site_atoms: [1, 0],
        xf_site_count: 2,
        product_site_atoms: [0, 1, 2],
      },
    ],
    rejects: [],
  });
});

test('a product has the properties and notations that were asked for', async (t) => {
  const chosen = { properties: 'TPSA', mapped: true, cxsmiles: true };
  for (const isolate of [false, true]) {
    const { products } = await transformSmiles('C[C@H](O)c1ccc(O)cc1 |&1:1|', methylation, { ...chosen, isolate });
    t.is(products[0]?.['TPSA'], 29.46);
    t.is(products[0]?.['cxsmiles'], 'COc1ccc([C@H](C)O)cc1 |&1:6|');
    t.regex(String(products[0]?.['reaction_smiles']), /^\[CH3:1\].*\[OH:8\].*>>C\[O:8\]/);
  }
});

test('molecules without products have a reason in their place', async (t) => {
  const smiles = ['CC', 'Oc1ccccc1', 'not a molecule', '', 'C\0', 'c1ccccc1(C)(C)C'];
  const results = await transformSmiles(smiles, methylation);
  t.deepEqual(
    results.map(({ source_smiles }) => source_smiles),
    smiles,
  );
  t.deepEqual(
    results.map(({ outcome, rejects: [reject] }) => [outcome, reject?.stage, reject?.code]),
    [
      ['no_site', undefined, undefined],
      ['with_products', undefined, undefined],
      ['rejected', 'parse', 'syntax'],
      ['rejected', 'input', 'empty'],
      ['rejected', 'input', 'nul_byte'],
      ['rejected', 'parse', 'valence'],
    ],
  );
  t.true(
    results.every(({ rejects }) => rejects.every(({ reason, xf_site_index }) => reason && xf_site_index === null)),
  );
});

test('a site whose product cannot be made gives a reject record for that site', async (t) => {
  const { outcome, products, rejects } = await transformSmiles('CC', { smirks: '[CH3:1]>>[C:1](F)(F)(F)(F)F' });
  t.is(outcome, 'rejected');
  t.deepEqual(products, []);
  t.deepEqual(
    rejects.map(({ xf_site_index, stage, code }) => [xf_site_index, stage, code]),
    [
      [0, 'sanitize', 'valence'],
      [1, 'sanitize', 'valence'],
    ],
  );
});

test('query_smarts, max_sites_per_mol and exclude_sugar_like take effect', async (t) => {
  const alcohol = { smirks: '[C:1][OX2H:2]>>[C:1][O:2]C' };
  const products = async (smiles: string, spec: object) =>
    (await transformSmiles(smiles, { ...alcohol, ...spec })).products.map((product) => product.smiles);
  t.deepEqual(await products('OCC(C)O', { query_smarts: '[CH2:1][OX2H:2]' }), ['COCC(C)O']);
  t.is((await products('OCC(C)O', { max_sites_per_mol: 1 })).length, 1);
  t.is((await products('OCC(C)O', { max_sites_per_mol: -1 })).length, 2);
  t.is((await products('OCC(C)O', { max_sites_per_mol: null })).length, 2);
  const glucose = 'OCC1OC(O)C(O)C(O)C1O';
  t.is((await products(glucose, {})).length, 5);
  t.is((await transformSmiles(glucose, { ...alcohol, exclude_sugar_like: true })).outcome, 'all_sites_excluded');
});

test('not_smarts and hydrogens take effect', async (t) => {
  const fluoride = { smirks: '[C:1][H:2]>>[C:1]F', hydrogens: 'explicit' } as const;
  const sites = async (spec: object) =>
    (await transformSmiles('OCC', { ...fluoride, ...spec })).products.map(({ xf_site_atoms }) => xf_site_atoms);
  t.deepEqual(await sites({}), [
    [1, 4],
    [2, 6],
  ]);
  t.deepEqual(await sites({ not_smarts: '[CH3:1]' }), [[1, 4]]);
  t.deepEqual(await sites({ not_smarts: ['[CH3:1]', '[C:1]([H:2])O[H]'] }), []);
  t.deepEqual(await sites({ hydrogens: 'implicit' }), []);
});

test('no molecules give no results', async (t) => {
  t.deepEqual(await transformSmiles([], methylation), []);
});

test('patterns that RDKit does not accept are errors of the transform', async (t) => {
  const smirks = await t.throwsAsync(transformSmiles('C', { name: 'broken', smirks: '[C:1>>[C:1]' }), {
    instanceOf: ConfigError,
    code: 'XFORM_INVALID_SMIRKS',
  });
  t.like(smirks?.details, { name: 'broken', smirks: '[C:1>>[C:1]', position: 5 });
  t.regex(smirks?.message ?? '', /Problems constructing reactant from SMARTS: \[C:1: syntax error at character 5/);
  await t.throwsAsync(transformSmiles('C', { smirks: '[C:1].[O:2]>>[C:1][O:2]' }), { code: 'XFORM_INVALID_SMIRKS' });
  await t.throwsAsync(transformSmiles('C', { ...methylation, query_smarts: '[c:1' }), {
    code: 'XFORM_INVALID_SMARTS',
  });
  await t.throwsAsync(transformSmiles('C', { ...methylation, query_smarts: '[c:7]' }), {
    code: 'XFORM_INVALID_SMARTS',
  });
  const not = await t.throwsAsync(transformSmiles('C', { ...methylation, not_smarts: ['[c:1]', '[c:1'] }), {
    code: 'XFORM_INVALID_SMARTS',
  });
  t.like((not as ConfigError).details, { key: 'not_smarts[1]', smarts: '[c:1', position: 5 });
});

test('arguments of a wrong type are option errors', async (t) => {
  const wrong: unknown[][] = [
    [7, methylation],
    [['C', null], methylation],
    ['C', null],
    ['C', {}],
    ['C', { smirks: 3 }],
    ['C', { ...methylation, max_sites_per_mol: 0 }],
    ['C', { ...methylation, max_sites_per_mol: 1.5 }],
    ['C', { ...methylation, exclude_sugar_like: 'no' }],
    ['C', { ...methylation, not_smarts: ['[c:1]', 5] }],
    ['C', { ...methylation, hydrogens: 'some' }],
  ];
  for (const [smiles, transform] of wrong) {
    await t.throwsAsync(transformSmiles(smiles as string, transform as typeof methylation), {
      instanceOf: OptionError,
    });
  }
  await t.throwsAsync(loadTransforms(undefined as unknown as string), { instanceOf: OptionError });
});

test('a fault in the file is reported with its position', async (t) => {
  const path = join(temporaryFolder(t), 'transforms.yaml');
  writeFileSync(path, 'version: 1\ntransforms:\n  - name: A\n    smirk: "[C:1]>>[C:1]"\n');
  const error = await t.throwsAsync(loadTransforms(path), { instanceOf: ConfigError, code: 'XFORM_CONFIG_INVALID' });
  t.like(error?.details, { path, line: 4, column: 5, key: 'transforms[0].smirk' });
  t.true(String(error?.details['suggestion']).includes('smirks'));
  await t.throwsAsync(loadTransforms(join(root, 'absent.yaml')), { code: 'XFORM_CONFIG_UNREADABLE' });
});

test('versions names the package and the toolkit', (t) => {
  const { version } = require('../package.json') as { version: string };
  t.deepEqual(versions(), { xform_native: version, engine: { name: 'RDKit', version: '2025.03.1' } });
});
