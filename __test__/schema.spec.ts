// configs/transforms.schema.json and the reader of transform files judge the same values alike. The values are written
// as JSON, which is YAML.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv, { type ValidateFunction } from 'ajv';
import test, { type ExecutionContext } from 'ava';
import { ConfigError, loadTransforms } from 'xform-native';
import { root, temporaryFolder } from './util';

const schema = JSON.parse(readFileSync(join(root, 'configs', 'transforms.schema.json'), 'utf8'));
const good = { name: 'A', smirks: '[C:1]>>[C:1]F' };

/** Values of every type, one of which each key refuses and one of which most accept. */
const values = [
  null,
  true,
  'x',
  '',
  'per_site',
  'explicit',
  'all',
  'a/b',
  'a\\b',
  'a\tb',
  ' ',
  1,
  0,
  -1,
  -2,
  2,
  0.5,
  1.5,
  [],
  {},
];
const lists = [['x'], ['x', 'y'], [''], [null], [1], [0], [1.5], [[]], [{}], ['x', 1], [good]];
const examples = [
  { in: 'C', out: 'C' },
  { in: 'C', out: ['C', 'CC'] },
  { in: 'C', out: [] },
  { in: 'C', out: [1] },
  { in: 'C' },
  { out: 'C' },
  { none: 'C' },
  { none: ['C'] },
  { none: [] },
  { none: 'C', in: 'C', out: 'C' },
  { none: 'C', out: 'C' },
  { in: 1, out: 'C' },
  { in: 'C', out: 'C', none: null },
  { in: 'C', out: 'C', uot: 'C' },
];

/** Transform files in which `key` has each value. */
function files(mapping: 'file' | 'defaults' | 'transform', key: string): unknown[] {
  return [...values, ...lists, ...examples.map((example) => [example])].map((value) => {
    if (mapping === 'file') return { transforms: [good], [key]: value };
    if (mapping === 'defaults') return { transforms: [good], defaults: { [key]: value } };
    return { transforms: [{ ...good, [key]: value }] };
  });
}

async function isRead(path: string, file: unknown): Promise<boolean> {
  writeFileSync(path, JSON.stringify(file));
  try {
    await loadTransforms(path);
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

async function compare(t: ExecutionContext, isValid: ValidateFunction, all: unknown[]): Promise<[number, number]> {
  const path = join(temporaryFolder(t), 'transforms.json');
  let valid = 0;
  for (const file of all) {
    const judged = isValid(file);
    t.is(judged, await isRead(path, file), JSON.stringify(file));
    if (judged) valid += 1;
  }
  return [valid, all.length - valid];
}

const isValid = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
const keysOf = {
  file: Object.keys(schema.properties),
  defaults: Object.keys(schema.properties.defaults.properties),
  transform: Object.keys(schema.definitions.transform.properties),
} as const;

for (const mapping of ['file', 'defaults', 'transform'] as const) {
  test(`each key of the ${mapping} takes the values that the schema says`, async (t) => {
    for (const key of keysOf[mapping]) {
      const [valid, invalid] = await compare(t, isValid, files(mapping, key));
      t.true(valid > 0 && invalid > 0, key);
    }
  });
}

test('what must be there must be there, and nothing unknown', async (t) => {
  const [valid, invalid] = await compare(t, isValid, [
    { transforms: [good] },
    { version: 1, defaults: null, transforms: [good, { ...good, name: 'n'.repeat(200) }] },
    {},
    { transforms: [] },
    { transforms: [{ name: 'A' }] },
    { transforms: [{ smirks: 'x' }] },
    { transforms: [{ ...good, name: 'n'.repeat(201) }] },
    { transforms: [{ ...good, lable: 'x' }] },
    { transforms: [good], transform: [good] },
    { transforms: [good], defaults: { prob: 1 } },
    [good],
    'text',
  ]);
  t.deepEqual([valid, invalid], [2, 10]);
});

test('the schema holds for the files of the package and says what it describes', (t) => {
  t.is(schema.$schema, 'http://json-schema.org/draft-07/schema#');
  const described = Object.entries<{ description?: string; $ref?: string }>(schema.definitions.transform.properties);
  for (const [key, { description, $ref }] of described) {
    t.truthy(description ?? schema.definitions[$ref?.split('/').at(-1) ?? '']?.description, key);
  }
  const medchem = readFileSync(join(root, 'configs', 'medchem.yaml'), 'utf8');
  t.true(medchem.startsWith('# yaml-language-server: $schema=transforms.schema.json\n'));
});
