// Options: the table, the flags, the type checks and the fields of the core have the same options; each surface spells
// them its own way.
import { join } from 'node:path';

import test from 'ava';
import { type AppliedOptions, check, merge, OptionError, transformSmiles, type XformError } from 'xform-native';
import { native } from '../dist/native';
import { flagOf } from '../dist/options/spelling';
import { type Command, defaultsOf, flagsOf, optionsOf } from '../dist/options/table';
import { type Failed, job, jobArguments, plants, root, run, temporaryFolder, xform } from './util';

const programs: readonly [command: Command, args: string[]][] = [
  ['demo', ['demo']],
  ['apply', ['apply']],
  ['merge', ['merge']],
  ['verify', ['verify']],
  ['exportTable', ['export']],
  ['sampleTable', ['sample']],
  ['summarize', ['summarize']],
  ['gallery', ['gallery']],
  ['report', ['report']],
  ['listRules', ['rules', 'list']],
  ['showRule', ['rules', 'show']],
  ['clusterApply', ['cluster', 'apply']],
  ['scheduler', ['cluster', 'scheduler']],
  ['executor', ['cluster', 'executor']],
];

for (const [command, args] of programs) {
  test(`the help of ${args.join(' ')} has the flags of the table, and no others`, async (t) => {
    const { stdout } = await xform([...args, '--help']);
    const shown = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag);
    const expected = flagsOf(command)
      .filter(({ kind }) => kind !== 'paths')
      .flatMap(({ name, helpNo }) => [flagOf(name), ...(helpNo === null ? [] : [flagOf(name).replace('--', '--no-')])]);
    t.deepEqual(shown.sort(), [...expected, '--help'].sort());
    t.notRegex(stdout, /`|undefined/);
  });
}

test('index.d.ts and docs/apply.md are what the declarations make of them, and no option is declared elsewhere', async (t) => {
  const ended = await run(process.execPath, ['scripts/options.mjs', '--check'], { cwd: root });
  t.is(ended.status, 0, ended.stdout + ended.stderr);
});

/** A value of the right type for each option of a run, as the core reads it. */
const values: Readonly<Record<string, unknown>> = {
  path: 'x',
  files: ['x', 'y'],
  text: 'comma',
  names: ['all'],
  columns: 'all',
  shard: '1/2',
  size: '2GiB',
  flag: true,
  count: 1,
  integer: 1,
  number: 0.5,
  rows: [1],
};

/** The same for options that accept only some values of their type. */
const ofName: Readonly<Record<string, unknown>> = { columnType: ['mass=float'] };

test('the core reads each option of the table, and refuses any other by its name', async (t) => {
  const options = optionsOf('apply').filter(({ isOfCore }) => isOfCore);
  const given = Object.fromEntries(
    options.map(({ name, kind, choices }) => [
      name,
      ofName[name] ?? (kind === 'choice' ? choices[0]?.[0] : values[kind]),
    ]),
  );
  // The transform files do not exist, which shows only after all options were read.
  const json = JSON.stringify({ ...given, resume: false, smirks: [] });
  await t.throwsAsync(native().check(json), { code: 'XFORM_CONFIG_UNREADABLE' });
  for (const [name, value] of Object.entries({ maxAtom: 7, max_atoms: 7, molTimeout: 60, dryRun: true, sort: true })) {
    const error = await t.throwsAsync<XformError>(native().check(JSON.stringify({ ...given, [name]: value })));
    t.is(error?.code, 'XFORM_INVALID_OPTION');
    t.is(error?.message, `${name}: is not an option of apply`);
  }
  for (const { name, kind } of options) {
    const error = await t.throwsAsync<XformError>(
      native().check(JSON.stringify({ ...given, [name]: {} })),
      undefined,
      kind,
    );
    t.is(error?.code, 'XFORM_INVALID_OPTION', name);
    t.is(flagOf(String(error?.details['option']).replaceAll('_', '-')), flagOf(name));
  }
});

test('the defaults of the table are those of the core', async (t) => {
  const { options } = await check(job('unused'));
  const shown = (value: unknown) =>
    typeof value === 'object' && value !== null && 'percent' in value ? value.percent : value;
  const inCore = optionsOf('apply').filter(({ isOfCore, kind }) => isOfCore && kind !== 'rows' && kind !== 'columns');
  for (const { name, key } of inCore) {
    const value = defaultsOf('apply')[name];
    if (value !== undefined) t.deepEqual(shown(options[key as keyof AppliedOptions]), value, name);
  }
});

test('a summary shows the options of the core, by their keys', async (t) => {
  const keys = optionsOf('apply').flatMap(({ isOfCore, key }) => (isOfCore ? [key] : []));
  const given = { skipRows: [3], exclude: plants, shard: '1/2', targetMemory: '2GiB' };
  const { options } = await check(job('unused', given));
  t.deepEqual(Object.keys(options), keys);
  t.like(options, { skip_rows: [3], shard: { index: 1, of: 2 }, target_memory: { bytes: 2 ** 31 } });
  const bare = Object.keys((await check(job('unused'))).options);
  t.deepEqual(
    bare,
    keys.filter((key) => key !== 'skip_rows' && key !== 'exclude'),
  );
});

test('an error names options as the API spells them, and on the command line as flags', async (t) => {
  const cases: [changes: object, flags: string[], name: string, reason: string][] = [
    [{ workers: 5000 }, ['--workers', '5000'], 'workers', '5000 is more than 1024'],
    [{ maxAtoms: 0 }, ['--max-atoms', '0'], 'maxAtoms', 'must be at least 1'],
    [
      { force: true, resume: true },
      ['--force', '--resume'],
      'resume',
      'cannot be combined with `force`: `resume` continues a run, `force` replaces it',
    ],
  ];
  for (const [changes, flags, option, reason] of cases) {
    for (const isolate of [false, true]) {
      const error = await t.throwsAsync(check(job('unused', { ...changes, isolate })), { instanceOf: OptionError });
      t.is(error?.message, `${option}: ${reason}`);
      t.deepEqual(error?.details, { option, reason });
    }
    const ended = await xform(jobArguments(temporaryFolder(t), '--json', ...flags));
    const details = { option: flagOf(option), reason: reason.replace(/`(\w+)`/g, '--$1') };
    t.is(ended.stderr, `error: ${details.option}: ${details.reason}\n`);
    t.deepEqual((JSON.parse(ended.stdout) as Failed).error.details, details);
  }
});

test('each function takes its own options of the table', async (t) => {
  const refused = (promise: Promise<unknown>, option: string) =>
    t.throwsAsync(promise, {
      instanceOf: OptionError,
      message: new RegExp(`^${option}: is not an option; the options are `),
    });
  await refused(merge({ shards: ['a'], outdir: 'b', workers: 2 } as Parameters<typeof merge>[0]), 'workers');
  await refused(transformSmiles('C', { smirks: '[C:1]>>[C:1]' }, { dedup: 'none' } as object), 'dedup');
  await refused(check(job('unused', { dryRun: true } as object)), 'dryRun');
  await refused(check(job('unused', { sort: true } as object)), 'sort');
});

test('the core takes a path that is not UTF-8 in its packed form', async (t) => {
  const input = join('none', '\u00e9');
  const json = JSON.stringify({ ...job('unused'), input: `\0${input}` });
  const error = await t.throwsAsync<XformError>(native().check(json), { code: 'XFORM_INPUT_NOT_FOUND' });
  t.regex(String(error?.message), /none\/\ufffd$/);
});
