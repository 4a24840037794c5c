// `rules check` and `checkRules`: the findings, their text, the exit status, and the sample of a library.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { CancelledError, ConfigError, checkRules, OptionError } from 'xform-native';
import { config, plants, root, temporaryFolder, writeSmiles, writeTransforms, xform } from './util';

const ODD = '[c:1][OX2H]>>[c:1][O:5]C';
const GOOD = '[c:1][OX2H:2]>>[c:1][O:2]C';

test('the shipped rules raise no error and no warning', async (t) => {
  const files = [config, join(root, 'configs', 'medchem.yaml')];
  const { rules, findings, errors, warnings } = await checkRules({ files });
  t.true(rules.length > 100 && rules.every(({ is_usable }) => is_usable));
  t.deepEqual([errors, warnings], [0, 0], JSON.stringify(findings.filter(({ severity }) => severity !== 'note')));
});

test('a finding has its place in the file and in the pattern', async (t) => {
  const folder = temporaryFolder(t);
  const path = writeTransforms(folder, { ODD, GOOD });
  const { findings, rules } = await checkRules({ files: [path] });
  t.is(findings.length, 1);
  t.like(findings[0], {
    code: 'map_only_in_product',
    severity: 'warning',
    transform: 'ODD',
    path,
    key: 'smirks',
    pattern: ODD,
    fragment: '[O:5]',
    position: 19,
  });
  t.deepEqual(
    rules.map(({ name, warnings }) => [name, warnings]),
    [
      ['ODD', 1],
      ['GOOD', 0],
    ],
  );
  t.deepEqual((await checkRules({ files: [path], xfName: 'GOOD' })).findings, []);
});

test('the command prints findings as a compiler does, and its status says how serious they are', async (t) => {
  const folder = temporaryFolder(t);
  writeTransforms(folder, { ODD });
  const check = (...more: string[]) => xform(['rules', 'check', 'transforms.yaml', ...more], { cwd: folder });
  const warned = await check();
  t.is(warned.status, 0, warned.stderr);
  const [first = '', second, pattern = '', carets = ''] = warned.stdout.split('\n');
  t.regex(first, /^transforms\.yaml:\d+:\d+: warning: map_only_in_product: ODD: atom 5 is a new$/);
  t.is(second, '    atom, because the reactant template has no such number');
  t.is(pattern.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), '[O:5]', warned.stdout);
  t.regex(warned.stdout, /\n1 rule: 0 errors, 1 warning, 0 notes\n$/);
  t.is((await check('--strict')).status, 2);
  writeFileSync(join(folder, 'transforms.yaml'), 'transforms: [{name: A, smirks: "[C:1>>[C:1]"}]');
  const refused = await check('--json');
  t.is(refused.status, 2);
  t.like(JSON.parse(refused.stdout), { errors: 1, findings: [{ code: 'invalid_smirks' }] });
});

test('the fragment of a long pattern stays in view', async (t) => {
  const folder = temporaryFolder(t);
  const long = `[c:1][OX2H]${'C'.repeat(200)}`;
  writeTransforms(folder, { LONG: `${long}>>[c:1][O:5]C${'N'.repeat(100)}` });
  const { stdout } = await xform(['rules', 'check', join(folder, 'transforms.yaml')]);
  const lines = stdout.split('\n');
  const at = lines.findIndex((line) => /^ +\^+$/.test(line));
  const carets = lines[at] ?? '';
  t.is(lines[at - 1]?.slice(carets.indexOf('^'), carets.length), '[O:5]', stdout);
  t.true(Array.from(lines[at - 1] ?? '').length <= 80, stdout);
});

test('rules are tried on an even sample of a library', async (t) => {
  const folder = temporaryFolder(t);
  const path = writeTransforms(folder, {
    GOOD,
    FAILS: '[O:1]>>[O:1]C',
    IDLE: '[C:1][O:2]>>[C:1][O:2]',
    BAD: '[C:1>>C',
  });
  const library = writeSmiles(folder, ['Oc1ccccc1', 'C(', 'CO', 'COC', 'Oc1ccc(O)cc1', '']);
  const { sample } = await checkRules({ files: [path], library, sample: 100 });
  t.like(sample, { library, library_rows: 6, rows: 6, rows_refused: 2 });
  const [good, fails, idle, ...others] = sample?.rules ?? [];
  t.is(others.length, 0);
  t.like(good, { name: 'GOOD', rows_with_sites: 2, rows_with_products: 2, sites: 3, made: 2, failures: [] });
  t.is(good?.products_per_row, 1);
  t.like(fails?.failures[0], {
    code: 'valence',
    stage: 'sanitize',
    rows: 1,
    failures: 1,
    source_row: 3,
    source_smiles: 'COC',
  });
  t.is(idle?.products_same_as_parent, idle?.made);
  t.is(good?.slowest.length, 6);
  t.true((good?.cpu_seconds_per_row ?? 0) > 0);
});

test('a sample is spread evenly over the library', async (t) => {
  const path = writeTransforms(temporaryFolder(t), { ALL: '[#6:1]>>[#6:1]' });
  const { sample } = await checkRules({ files: [path], library: plants, sample: 10 });
  const rows = sample?.rules[0]?.slowest.map(({ source_row }) => source_row).sort((a, b) => a - b);
  const total = sample?.library_rows ?? 0;
  t.deepEqual(
    rows,
    Array.from({ length: 10 }, (_, index) => Math.floor((index * total) / 10)),
  );
});

test('what cannot be checked is an error', async (t) => {
  const files = [writeTransforms(temporaryFolder(t), { GOOD })];
  await t.throwsAsync(checkRules({ files: ['/nowhere.yaml'] }), { instanceOf: ConfigError });
  await t.throwsAsync(checkRules({ files, xfName: 'OTHER' }), { instanceOf: ConfigError });
  await t.throwsAsync(checkRules({ files, sample: 0 }), { instanceOf: OptionError });
  const signal = AbortSignal.abort(new Error('no'));
  await t.throwsAsync(checkRules({ files }, { signal }), { instanceOf: CancelledError });
});

test('progress reaches the caller, and a signal stops a sample', async (t) => {
  const files = [config];
  const stop = new AbortController();
  const options = { files, library: plants, sample: 1000 };
  const onProgress = () => stop.abort(new Error('enough'));
  await t.throwsAsync(checkRules(options, { signal: stop.signal, onProgress }), { instanceOf: CancelledError });
});
