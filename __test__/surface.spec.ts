// What the package exports, its error codes, and its error without an addon.
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import * as api from 'xform-native';
import { exitStatus } from '../dist/cli/exit';
import { errorCodes } from '../dist/errors';
import { type Failed, job, linkModules, ofTestAddon, root, run, temporaryFolder } from './util';

const names = [
  'CancelledError',
  'ClusterError',
  'ConfigError',
  'InputError',
  'InternalError',
  'NativeLoadError',
  'OptionError',
  'OutputError',
  'RunawayError',
  'SystemError',
  'XformError',
  'apply',
  'check',
  'checkRules',
  'clusterApply',
  'defaultApplyOptions',
  'exportTable',
  'gallery',
  'listRules',
  'loadTransforms',
  'merge',
  'report',
  'sampleTable',
  'showRule',
  'summarize',
  'transformSmiles',
  'tryTransform',
  'verify',
  'versions',
];

test('the API matches index.d.ts, for require and for import', async (t) => {
  t.deepEqual(Object.keys(api).sort(), names);
  const script = `import { ${names.join(', ')} } from 'xform-native'; console.log([${names.join(', ')}].length);`;
  const ended = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
  t.is(ended.stdout, `${names.length}\n`, ended.stderr);
});

test('the codes of the core and of TypeScript are the same, with the same classes and exit statuses', async (t) => {
  const ofCore = (await ofTestAddon('JSON.parse(addon.errorCodes())')) as [
    code: string,
    klass: string,
    status: number,
  ][];
  const here = Object.entries(errorCodes)
    .filter(([code]) => !['XFORM_NATIVE_LOAD', 'XFORM_CRASHED', 'XFORM_CLUSTER_MISSING'].includes(code))
    .map(([code, [{ name }, status]]) => [code, name.replace(/Error$/, '').toLowerCase(), status]);
  t.deepEqual(here, ofCore);
});

/** All members of a type; otherwise the compiler complains. */
type Members<T extends PropertyKey> = Record<T, true>;

const rejectCodes: Members<api.RejectCode> = {
  null: true,
  empty: true,
  nul_byte: true,
  not_utf8: true,
  malformed: true,
  bad_value: true,
  skipped: true,
  syntax: true,
  mol_block: true,
  query: true,
  r_group: true,
  valence: true,
  kekulize: true,
  sanitize: true,
  null_result: true,
  exception: true,
  out_of_memory: true,
  too_many_atoms: true,
  too_many_products: true,
  crashed: true,
  timed_out: true,
  no_property: true,
  no_inchi: true,
};

const rejectStages: Members<api.RejectStage> = {
  input: true,
  parse: true,
  standardize: true,
  match: true,
  reaction: true,
  sanitize: true,
  remove_hs: true,
  write: true,
  properties: true,
};

test('codes and stages of rejects equal those of the core', (t) => {
  const source = readFileSync(join(root, 'crate', 'core', 'src', 'codes.rs'), 'utf8');
  const ofCore = (name: string) => {
    const body = new RegExp(`^    ${name} \\{\\n(.*?)^    \\}`, 'ms').exec(source)?.[1] ?? '';
    return [...body.matchAll(/^ +\w+ = "(\w+)", ".*";$/gm)].map(([, text]) => text);
  };
  t.deepEqual(Object.keys(rejectCodes), ofCore('RejectCode'));
  t.deepEqual(Object.keys(rejectStages), ofCore('Stage'));
});

const dedupKeys: Members<keyof api.DedupReport> = {
  mode: true,
  bytes: true,
  deferred: true,
  key_bytes: true,
  bloom: true,
};

test('the fields of deduplication in the summary are declared', async (t) => {
  const { dedup } = await api.apply(job(temporaryFolder(t), { dedup: 'bloom', bloomExpectedItems: 1000 }));
  t.deepEqual(Object.keys(dedup), Object.keys(dedupKeys));
});

test('every code has a class and an exit status', (t) => {
  for (const [code, [Class, status]] of Object.entries(errorCodes)) {
    const error = new Class('message', { code: code as api.XformErrorCode });
    t.is(error.name, Class.name);
    t.true(error instanceof api.XformError && error instanceof Error);
    t.is(exitStatus(error), status);
  }
});

test('a panic in the addon is an error with a code, and the process survives', async (t) => {
  const caught = 'catch(({ code, message, details }) => ({ code, message, details }))';
  const error = (await ofTestAddon(`addon.provokePanic('row 7 is lost').${caught}`)) as Failed['error'];
  t.true(error.message.includes('row 7 is lost'));
  t.like(error, { code: 'XFORM_INTERNAL', details: { reason: 'panic: row 7 is lost' } });
});

/** The built package in a separate folder, without an addon. */
function packageWithoutAddon(t: ExecutionContext, manifest: object = {}): string {
  const folder = join(temporaryFolder(t), 'xform-native');
  mkdirSync(join(folder, 'native'), { recursive: true });
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  linkModules(folder);
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...own, ...manifest }));
  copyFileSync(join(root, 'native', 'binding.js'), join(folder, 'native', 'binding.js'));
  return folder;
}

/** The error message when the addon is needed, on a machine with that architecture. */
async function loadMessage(folder: string, arch: string = process.arch): Promise<string> {
  const script = `
    Object.defineProperty(process, 'arch', { value: '${arch}' });
    try { require('./dist').versions() } catch (error) { console.log(error.message) }`;
  return (await run(process.execPath, ['-e', script], { cwd: folder })).stdout;
}

test('without an addon, the error names the platform and how to install it', async (t) => {
  const folder = packageWithoutAddon(t);
  const args = ['dist/cli/main.js', 'apply', '-i', 'a', '-o', 'b', '--xf-config', 'c', '--xf-name', 'all', '--json'];
  const ended = await run(process.execPath, args, { cwd: folder });
  t.is(ended.status, 1);
  const { error } = JSON.parse(ended.stdout) as Failed;
  t.is(error.code, 'XFORM_NATIVE_LOAD');
  t.like(error.details, { platform: 'linux-x64-gnu', package: 'xform-native-linux-x64-gnu' });
  t.regex(error.message, /no local build native\/xform-native\.linux-x64-gnu\.node; run npm run build$/);
  t.is(ended.stderr, `error: ${error.message}\n`);

  const help = await run(process.execPath, ['dist/cli/main.js', 'apply', '--help'], { cwd: folder });
  t.is(help.status, 0);
});

test('an installed package reports which package is missing, or on which platforms it runs', async (t) => {
  const folder = packageWithoutAddon(t, { optionalDependencies: { 'xform-native-linux-x64-gnu': '0.1.0' } });
  t.regex(await loadMessage(folder), /package xform-native-linux-x64-gnu is missing; .*npm install --include=optional/);
  t.regex(await loadMessage(folder, 'arm64'), /no native addon for linux-arm64-gnu .*: it runs on linux-x64-gnu$/m);
  t.regex(await loadMessage(folder, 's390x'), /no native addon for linux-s390x-gnu .*: it runs on linux-x64-gnu$/m);
});

test('an addon of a different version is refused', async (t) => {
  const folder = packageWithoutAddon(t, { version: '99.0.0' });
  cpSync(join(root, 'native'), join(folder, 'native'), { recursive: true });
  t.regex(
    await loadMessage(folder),
    /addon is of version \d+\.\d+\.\d+, but xform-native is of version 99\.0\.0; install/,
  );
});

test('an addon that does not load is distinguished from a missing one', async (t) => {
  const folder = packageWithoutAddon(t);
  copyFileSync(join(root, 'package.json'), join(folder, 'native', 'xform-native.linux-x64-gnu.node'));
  t.regex(await loadMessage(folder), /does not load in Node v.*: .*xform-native\.linux-x64-gnu\.node/);

  const old = "/lib/libc.so.6: version `GLIBC_2.99' not found (required by xform-native.linux-x64-gnu.node)";
  const binding = `throw new Error('no binding', { cause: new Error(${JSON.stringify(old)}) });`;
  writeFileSync(join(folder, 'native', 'binding.js'), binding);
  t.regex(await loadMessage(folder), /does not load in Node v.*: glibc \d+\.\d+ is too old for it \(.*GLIBC_2\.99/);
});

for (const exact of ['true', 'false']) {
  test(`index.d.ts passes the checks of a strict project (exactOptionalPropertyTypes ${exact})`, async (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, 'user.ts');
    writeFileSync(file, `import type * as api from '${join(root, 'index')}';\nexport type Api = typeof api;\n`);
    const flags = [
      '--strict',
      '--noEmit',
      '--module',
      'node20',
      '--types',
      'node',
      '--exactOptionalPropertyTypes',
      exact,
    ];
    const types = ['--typeRoots', join(root, 'node_modules', '@types'), '--skipLibCheck', 'false'];
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    const { status, stdout } = await run(tsc, [...flags, ...types, file], { cwd: folder });
    t.is(status, 0, stdout);
  });
}
