// What the package exports, its error codes, and what it says where there is no addon.
import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import * as api from 'xform-native';
import { exitStatus } from '../dist/cli/exit';
import { errorClasses } from '../dist/errors';
import { native } from '../dist/native';
import { root, run, temporaryFolder } from './util';

const names = [
  'CancelledError',
  'ClusterError',
  'ConfigError',
  'InputError',
  'InternalError',
  'NativeLoadError',
  'OptionError',
  'OutputError',
  'XformError',
  'apply',
  'check',
  'clusterApply',
  'defaultApplyOptions',
  'loadTransforms',
  'merge',
  'transformSmiles',
  'verify',
  'versions',
];

test('the API is what index.d.ts declares, for require and for import', async (t) => {
  t.deepEqual(Object.keys(api).sort(), names);
  const script = `import { ${names.join(', ')} } from 'xform-native'; console.log([${names.join(', ')}].length);`;
  const ended = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
  t.is(ended.stdout, `${names.length}\n`, ended.stderr);
});

test('the codes of the core and of TypeScript are the same, with the same classes', (t) => {
  const ofCore = JSON.parse(native().errorCodes()) as [code: string, klass: string][];
  const here = Object.entries(errorClasses)
    .filter(([code]) => !['XFORM_NATIVE_LOAD', 'XFORM_CRASHED', 'XFORM_CLUSTER_MISSING'].includes(code))
    .map(([code, { name }]) => [code, name.replace(/Error$/, '').toLowerCase()]);
  t.deepEqual(here, ofCore);
});

test('every code has an exit status', (t) => {
  const statuses = Object.entries(errorClasses).map(([code, Class]) => {
    const error = new Class('message', { code: code as api.XformErrorCode });
    t.is(error.name, Class.name);
    t.true(error instanceof api.XformError && error instanceof Error);
    return [code, exitStatus(error)];
  });
  t.deepEqual(Object.fromEntries(statuses), {
    XFORM_INVALID_OPTION: 2,
    XFORM_CONFIG_UNREADABLE: 2,
    XFORM_CONFIG_INVALID: 2,
    XFORM_UNKNOWN_TRANSFORM: 2,
    XFORM_INVALID_SMIRKS: 2,
    XFORM_INVALID_SMARTS: 2,
    XFORM_INPUT_NOT_FOUND: 2,
    XFORM_INPUT_UNREADABLE: 2,
    XFORM_INPUT_COLUMN: 2,
    XFORM_INPUT_CORRUPT: 1,
    XFORM_OUTPUT_EXISTS: 2,
    XFORM_OUTPUT_LOCKED: 2,
    XFORM_RESUME_REFUSED: 2,
    XFORM_OUTPUT_FAILED: 1,
    XFORM_OUTPUT_FULL: 1,
    XFORM_CLUSTER_FAILED: 1,
    XFORM_CANCELLED: 130,
    XFORM_SHARD_UNFINISHED: 2,
    XFORM_SHARD_DAMAGED: 2,
    XFORM_SHARD_MISMATCH: 2,
    XFORM_SHARD_REPEATED: 2,
    XFORM_SHARD_MISSING: 2,
    XFORM_INTERNAL: 1,
    XFORM_NATIVE_LOAD: 1,
    XFORM_CRASHED: 1,
    XFORM_CLUSTER_MISSING: 1,
  });
});

test('a panic in the addon is an error with a code, and the process lives on', async (t) => {
  const error = await t.throwsAsync(native().provokePanic('row 7 is lost'), { code: 'XFORM_INTERNAL' });
  t.true(error?.message.includes('row 7 is lost'));
  t.like(error, { details: { reason: 'panic: row 7 is lost' } });
});

test('without an addon the error names the platform and the package', async (t) => {
  const folder = join(temporaryFolder(t), 'xform-native');
  mkdirSync(join(folder, 'native'), { recursive: true });
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(root, 'node_modules', 'commander'), join(folder, 'node_modules', 'commander'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  copyFileSync(join(root, 'native', 'binding.js'), join(folder, 'native', 'binding.js'));
  const args = ['dist/cli/main.js', 'apply', '-i', 'a', '-o', 'b', '--xf-config', 'c', '--xf-name', 'all', '--json'];
  const ended = await run(process.execPath, args, { cwd: folder });
  t.is(ended.status, 1);
  const { error } = JSON.parse(ended.stdout) as { error: { code: string; message: string; details: object } };
  t.is(error.code, 'XFORM_NATIVE_LOAD');
  t.like(error.details, { platform: 'linux-x64-gnu', package: 'xform-native-linux-x64-gnu' });
  t.true(error.message.includes('xform-native-linux-x64-gnu') && error.message.includes('npm run build'));
  t.is(ended.stderr, `error: ${error.message}\n`);

  const help = await run(process.execPath, ['dist/cli/main.js', 'apply', '--help'], { cwd: folder });
  t.is(help.status, 0);
});

test('an addon that does not load is told from a missing one', async (t) => {
  const folder = join(temporaryFolder(t), 'xform-native');
  mkdirSync(join(folder, 'native'), { recursive: true });
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  copyFileSync(join(root, 'native', 'binding.js'), join(folder, 'native', 'binding.js'));
  copyFileSync(join(root, 'package.json'), join(folder, 'native', 'xform-native.linux-x64-gnu.node'));
  const ended = await run(process.execPath, ['-p', 'try { require("./dist").versions() } catch (e) { e.message }'], {
    cwd: folder,
  });
  t.regex(ended.stdout, /does not load in Node v.*: .*xform-native\.linux-x64-gnu\.node/);
});
