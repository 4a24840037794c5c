// Which transforms a run takes, from which files, over which rows, and what their examples say.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { apply, check, loadTransforms, OptionError } from 'xform-native';
import {
  config,
  type Failed,
  job,
  jobArguments,
  OME,
  temporaryFolder,
  writeSmiles,
  writeTransforms,
  xform,
} from './util';

test('names, old names, patterns, comma lists, families and classes select', async (t) => {
  const chosen = async (changes: object) => (await check(job('unused', changes))).transforms;
  t.deepEqual(await chosen({ xfName: 'OH_to_OMe' }), [OME]);
  t.deepEqual(await chosen({ xfName: ['R3_?', OME] }), [OME, 'R3_F', 'R3_I']);
  t.deepEqual(await chosen({ xfName: 'R4_I,R3_F' }), ['R3_F', 'R4_I']);
  t.is((await chosen({ xfName: undefined, family: 'phenol_mod' })).length, 4);
  t.deepEqual(await chosen({ xfName: '*__F', scope: ['lipid', 'glycoside'], family: undefined }), [
    'RING_SP2__CH__TO__F',
    'RING_SP3__CH__TO__F',
    'ALPHA_CARBONYL__CH2__TO__F',
    'PRIMARY_OH__CH2OH__TO__F',
  ]);
  await t.throwsAsync(chosen({ xfName: 'R3' }), {
    code: 'XFORM_AMBIGUOUS_TRANSFORM',
    message: /"R3" stands for 4 transforms: "R3_F" \(.*transforms\.yaml:\d+:11\), /,
  });
  await t.throwsAsync(chosen({ xfName: undefined }), { instanceOf: OptionError, message: /^xfName: is required/ });
});

test('several files, with the spellings of the predecessor', async (t) => {
  const folder = temporaryFolder(t);
  const own = writeTransforms(folder, { OWN: '[O:1]>>[O:1]C' });
  const input = writeSmiles(folder, ['Oc1ccccc1']);
  const args = ['apply', '-i', input, '-o', join(folder, 'out'), '-c', own, `--xf-config=${config}`];
  const { status, stdout, stderr } = await xform([...args, '--transform', 'OWN', '--transform=OH_to_OMe', '--json']);
  t.is(status, 0, stderr);
  const { transform, options } = JSON.parse(stdout) as { transform: string[]; options: Record<string, unknown> };
  t.deepEqual(transform, ['OWN', OME]);
  t.deepEqual(options['xf_config'], [own, config]);

  const again = writeTransforms(temporaryFolder(t), { OWN: '[O:1]>>[O:1]CC' });
  const twice = await xform([...args, '-c', again, '--xf-name', 'OWN', '--json']);
  t.is(twice.status, 2);
  const { error } = JSON.parse(twice.stdout) as Failed;
  t.is(error.code, 'XFORM_CONFIG_INVALID');
  t.true(error.message.startsWith(`${again}:`) && error.message.includes(`is already used at ${own}:`), error.message);
});

test('a SMIRKS without a file, over the first rows', async (t) => {
  const folder = temporaryFolder(t);
  const smirks = ['--smirks', '[c:1][OX2H:2]>>[c:1][O:2]C', '--smirks', '[cH:1]>>[c:1]F'];
  const args = [
    'apply',
    '-i',
    join('examples', 'plants-1k.parquet'),
    '-o',
    join(folder, 'out'),
    '--limit',
    '20',
    '--json',
  ];
  const { status, stdout, stderr } = await xform([...args, ...smirks]);
  t.is(status, 0, stderr);
  const summary = JSON.parse(stdout) as { total_input: number; transform: string[] };
  t.is(summary.total_input, 20);
  t.deepEqual(summary.transform, ['smirks', 'smirks_2']);
  t.is((await xform(['verify', join(folder, 'out')])).status, 0);
  const bad = await xform(jobArguments(folder, ...smirks));
  t.is(bad.status, 2);
  t.regex(bad.stderr, /^error: --smirks: cannot be combined with --xf-config/);
});

test('examples are compared as molecules, with the settings of the file', async (t) => {
  const folder = temporaryFolder(t);
  const xfConfig = join(folder, 'examples.yaml');
  const [met, unmet] = [
    "{in: 'C1=CC=CC=C1O', out: 'O(C)C1=CC=CC=C1'}, {in: 'Oc1ccc(O)cc1', out: ['c1(O)ccc(OC)cc1']}, {none: [CCO, 'Oc1c(C)cccc1C']}, {in: 'Oc1ccc(O)c(C)c1', out: ['COc1ccc(O)c(C)c1']}",
    "{in: 'Oc1cccc(O)c1CO', out: ['COc1cccc(O)c1CO', CO]}, {none: 'Oc1ccccc1'}, {in: 'c1(', out: C}",
  ];
  const rule = "smirks: '[c:1][OX2H:2]>>[c:1][O:2]C', query_smarts: '[c:1]([OX2H:2])[cH]', max_sites_per_mol: 1";
  writeFileSync(xfConfig, `version: 1\ntransforms:\n- {name: A, ${rule}, examples: [${met}, ${unmet}]}\n`);
  const input = writeSmiles(folder, ['Oc1ccccc1']);
  for (const maxSites of [undefined, 2]) {
    const { warnings } = await apply(job(folder, { input, xfConfig, xfName: 'A', maxSites, force: true }));
    t.deepEqual(
      warnings.map((warning) => warning.replace(/cannot be used: .*/, 'cannot be used')),
      [
        'transform "A": the example "Oc1cccc(O)c1CO" does not give exactly [COc1cccc(O)c1CO, CO]; it gives [COc1cccc(O)c1CO]',
        'transform "A": the example "Oc1ccccc1" has a site; it gives [COc1ccccc1]',
        'transform "A": the example "c1(" cannot be used',
      ],
    );
  }
  const { transforms } = await loadTransforms(xfConfig);
  t.deepEqual(transforms[0]?.examples.slice(1, 3), [
    { in: 'Oc1ccc(O)cc1', out: ['c1(O)ccc(OC)cc1'] },
    { none: ['CCO', 'Oc1c(C)cccc1C'] },
  ]);
});
