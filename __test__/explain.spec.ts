// `--explain`, and `check` with `{ explain: true }`: how each transform is carried out.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { type CheckReport, check, loadTransforms, OptionError, type TransformExplanation } from 'xform-native';
import { config, job, jobArguments, OME, temporaryFolder, unwrapped, writeTransforms, xform } from './util';

const EDIT =
  'each product is an edit of its parent; a site for which it cannot be proved that an edit gives the same takes the ' +
  'plain path';

// By prefix of the names in configs/transforms.yaml: the path, and the template that the prefilter looks for.
const expected: Record<string, [path: 'edit' | 'plain', template: string]> = {
  FG_PHENOL: ['edit', '[c:1][O&X2&H1:2]'],
  RING_SP2: ['edit', '[c&H1:1]'],
  R3: ['edit', '[#6&!$(C=O):1]-[O&H1]'],
  R4: ['edit', '[#6&!$(C=O):1]-[N;H2,H1]'],
  COOH: ['edit', '[c,#6:1]-C(=O)[O&H1]'],
  RING_SP3: ['edit', '[C&R;H1,H2:1]'],
  ALPHA_CARBONYL: ['edit', '[C&H2:1][C&X3:2]=O'],
  PRIMARY_OH: ['edit', '[C&H2:1][O&X2&H1]'],
};

async function explain(xfConfig: string): Promise<TransformExplanation[]> {
  const { explanation } = await check(job('unused', { xfConfig, xfName: 'all' }), { explain: true });
  return explanation ?? [];
}

test('each of the 32 transforms takes the expected path', async (t) => {
  const { transforms } = await loadTransforms(config);
  const family = (name: string) => Object.keys(expected).find((beginning) => name.startsWith(`${beginning}_`)) ?? '';
  const explanation = await explain(config);
  t.is(explanation.length, 32);
  t.deepEqual(
    explanation.map(({ name, path, prefilter }) => [name, path, prefilter]),
    transforms.map(({ name }) => {
      const [path, template] = expected[family(name)] ?? [];
      return [name, path, `atoms of ${template} and their neighbours, on plain SMILES`];
    }),
  );
  t.true(explanation.every(({ reason }) => reason === EDIT));
});

test('a plain transform shows why it cannot be edited, and a large template shows what of it is checked', async (t) => {
  const xfConfig = writeTransforms(temporaryFolder(t), {
    OME: '[c:1][OX2H:2]>>[c:1][O:2]C',
    EPOXIDE: '[C:1]=[C:2]>>[C:1]1[C:2]O1',
    LONG: `[C:1]${'C'.repeat(64)}>>[C:1]`,
  });
  const [ome, epoxide, long] = await explain(xfConfig);
  t.is(ome?.path, 'edit');
  t.like(epoxide, { path: 'plain', reason: 'no edit can do what a product template requires: it makes a ring' });
  t.is(long?.path, 'edit');
  t.regex(long?.prefilter ?? '', /^the first 64 atoms of \[C:1\].* and their neighbours, on plain SMILES$/);
});

test('check has an explanation only if it was requested', async (t) => {
  t.false('explanation' in (await check(job('unused'))));
  t.false('explanation' in (await check(job('unused'), {})));
  t.false('explanation' in (await check(job('unused'), { explain: false })));
  const wrong = { explain: 1 } as unknown as { explain: boolean };
  await t.throwsAsync(check(job('unused'), wrong), { instanceOf: OptionError, message: /^explain: / });
  const unknown = { explian: true } as unknown as { explain: boolean };
  await t.throwsAsync(check(job('unused'), unknown), { instanceOf: OptionError, message: /explian/ });
});

test('--explain prints text, and writes no files', async (t) => {
  const folder = temporaryFolder(t);
  const { status, stdout, stderr } = await xform(jobArguments(folder, '--explain', '--xf-name', 'R3_F'));
  t.is(status, 0, stderr);
  t.true(stdout.includes('nothing was written'));
  const paragraph = (name: string, template: string) =>
    `\n${name}\n  path       edit: ${EDIT}\n  prefilter  atoms of ${template} and their neighbours, on plain SMILES\n`;
  t.true(
    unwrapped(stdout).endsWith(paragraph(OME, '[c:1][O&X2&H1:2]') + paragraph('R3_F', '[#6&!$(C=O):1]-[O&H1]')),
    stdout,
  );
  t.deepEqual(readdirSync(folder), []);
});

test('--explain --json prints one object, the same as check', async (t) => {
  const folder = temporaryFolder(t);
  const { status, stdout, stderr } = await xform(jobArguments(folder, '--explain', '--json'));
  t.is(status, 0, stderr);
  t.is(stdout.trimEnd().split('\n').length, 1);
  const report = JSON.parse(stdout) as CheckReport;
  t.like(report, { rows: 1000, transforms: [OME] });
  t.deepEqual(report.explanation, (await check(job(folder), { explain: true })).explanation);
  t.deepEqual(readdirSync(folder), []);
  const bad = await xform(jobArguments(folder, '--explain', '--json', '--xf-config', join(folder, 'none.yaml')));
  t.is(bad.status, 2);
});
