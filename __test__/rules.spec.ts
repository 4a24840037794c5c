// The rule set configs/medchem.yaml and the recipes of docs/rules.md, run by the engine.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { check, loadTransforms, type MoleculeResult, type TransformSpec, transformSmiles } from 'xform-native';
import { job, root, temporaryFolder } from './util';

const medchem = join(root, 'configs', 'medchem.yaml');

test('each rule of the set gives its examples, and has no site where it should have none', async (t) => {
  const { transforms } = await loadTransforms(medchem);
  t.true(transforms.length >= 80);
  for (const { name, label, family, examples } of transforms) {
    const [products, none] = [examples.filter((each) => 'in' in each), examples.filter((each) => 'none' in each)];
    t.true(products.length >= 2 && none.length >= 1 && Boolean(label && family), name);
  }
  // A check runs the examples of the chosen rules, and RDKit's validation.
  const report = await check({ ...job(temporaryFolder(t)), xfConfig: medchem, xfName: 'all' });
  t.deepEqual(report.warnings, []);
  t.is(report.transforms.length, transforms.length);
});

interface Recipe {
  transform: TransformSpec;
  parent: string;
  result: string;
}

/** The lines `parent -> result` of the page's code blocks without a language, with the rule above each. */
function recipes(): Recipe[] {
  const blocks = readFileSync(join(root, 'docs', 'rules.md'), 'utf8')
    .split('```')
    .filter((block, index) => index % 2 === 1 && block.startsWith('\n'));
  const found: Recipe[] = [];
  for (const line of blocks.join('\n').split('\n')) {
    const [, key, value] = /^(smirks|query|not|hydrogens): (.+)$/.exec(line) ?? [];
    const [parent, result] = line.split(' -> ');
    const transform = found.at(-1)?.transform;
    if (key === 'smirks') found.push({ transform: { smirks: value as string }, parent: '', result: '' });
    else if (key === 'query' && transform) transform.query_smarts = value as string;
    else if (key === 'not' && transform) transform.not_smarts = [transform.not_smarts ?? [], value as string].flat();
    else if (key === 'hydrogens' && transform) transform.hydrogens = value as 'explicit';
    else if (parent && result && transform) found.push({ transform, parent, result });
  }
  return found.filter(({ parent }) => parent !== '');
}

/** A result as the page writes it. */
function written({ outcome, products, rejects }: MoleculeResult): string {
  if (outcome === 'rejected') return `rejected: ${rejects[0]?.code}`;
  return outcome === 'with_products'
    ? products
        .map(({ smiles }) => smiles)
        .sort()
        .join(', ')
    : 'no site';
}

test('the recipes give what the page says', async (t) => {
  const all = recipes();
  t.true(all.length >= 50, `${all.length} recipes`);
  for (const { transform, parent, result } of all) {
    const [made] = await transformSmiles([parent], transform);
    t.is(written(made as MoleculeResult), result.split(', ').sort().join(', '), `${transform.smirks} on ${parent}`);
  }
});
