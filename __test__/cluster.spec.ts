// `xform-native cluster` without a cluster: where its program is looked for, and how its messages are handled. The
// program itself is tested by `npm run test:cluster`.
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { type CheckReport, clusterApply, type Progress } from 'xform-native';
import {
  config,
  type Failed,
  job,
  jobArguments,
  linkModules,
  OME,
  plants,
  root,
  run,
  temporaryFolder,
  xform,
} from './util';

/** A stand-in for the real program, with `body` as its work; in `body`, `given` holds the options that it was given. */
function program(t: ExecutionContext, body: string): { XFORM_CLUSTER_BIN: string } {
  const path = join(temporaryFolder(t), 'xform-cluster');
  const head = `#!${process.execPath}
const [role, text] = process.argv.slice(2);
const given = JSON.parse(text);
const say = (event) => console.log(JSON.stringify(event));
`;
  writeFileSync(path, head + body);
  chmodSync(path, 0o755);
  return { XFORM_CLUSTER_BIN: path };
}

function failure(stdout: string): Failed['error'] {
  return (JSON.parse(stdout) as Failed).error;
}

function clusterArguments(folder: string, ...more: string[]): string[] {
  return ['cluster', ...jobArguments(folder, ...more)];
}

test('without the package, the error explains how to install it', async (t) => {
  const folder = join(temporaryFolder(t), 'xform-native');
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  linkModules(folder);
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  const args = ['dist/cli/main.js', ...clusterArguments(folder, '--json')];
  const ended = await run(process.execPath, args, { cwd: folder, env: { XFORM_CLUSTER_BIN: undefined } });
  t.is(ended.status, 1);
  const error = failure(ended.stdout);
  t.is(error.code, 'XFORM_CLUSTER_MISSING');
  t.regex(error.message, /npm install @xform-native\/cluster@\d/);
  t.like(error.details, { package: '@xform-native/cluster' });

  const module = join(folder, 'node_modules', '@xform-native', 'cluster');
  mkdirSync(module, { recursive: true });
  writeFileSync(join(module, 'package.json'), '{"name": "@xform-native/cluster", "version": "0.0.1"}');
  const other = await run(process.execPath, args, { cwd: folder, env: { XFORM_CLUSTER_BIN: undefined } });
  t.regex(failure(other.stdout).message, /0\.0\.1 is not compatible with xform-native/);

  const help = await run(process.execPath, ['dist/cli/main.js', 'cluster', 'apply', '--help'], { cwd: folder });
  t.is(help.status, 0);
  t.true(help.stdout.includes('--partitions'));
});

test('options reach the program by their API names, and its failure returns with code and details', async (t) => {
  const env = program(
    t,
    `say({ kind: 'failed', error: { code: 'XFORM_CLUSTER_FAILED', message: 'no', details: { role, given } } });
     process.exitCode = 1;`,
  );
  const folder = temporaryFolder(t);
  const more = ['--scheduler', 'there:1', '--sort', '--partitions', '8', '--max-sites', '-1', '--keep-columns', 'a'];
  const ended = await xform(clusterArguments(folder, '--json', ...more, '--keep-columns', 'b, c'), { env });
  t.is(ended.status, 1);
  const error = failure(ended.stdout);
  t.is(error.code, 'XFORM_CLUSTER_FAILED');
  t.deepEqual(error.details, {
    role: 'apply',
    given: {
      scheduler: 'there:1',
      partitions: 8,
      sort: true,
      input: [plants],
      outdir: join(folder, 'out'),
      xfConfig: [config],
      xfName: [OME],
      keepColumns: ['a', 'b', 'c'],
      maxSites: -1,
    },
  });
});

test('a program that dies silently is distinguished from one that has reported an error', async (t) => {
  const env = program(t, `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`);
  const ended = await xform(clusterArguments(temporaryFolder(t), '--json'), { env });
  t.is(ended.status, 1);
  t.is(failure(ended.stdout).code, 'XFORM_CRASHED');
  t.regex(ended.stderr, /died of signal SIGKILL/);
});

test('a truncated line means that the program died while writing it', async (t) => {
  const torn = `process.stdout.write('{"kind":"done","summ'); process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`;
  const ended = await xform(clusterArguments(temporaryFolder(t), '--json'), { env: program(t, torn) });
  t.is(ended.status, 1);
  t.is(failure(ended.stdout).code, 'XFORM_CRASHED');
  const noEvent = `console.log('a word of a library'); console.log('null'); say({ kind: 'other' });`;
  const silent = await xform(clusterArguments(temporaryFolder(t), '--json'), { env: program(t, noEvent) });
  t.is(silent.status, 1);
  t.is(failure(silent.stdout).code, 'XFORM_INTERNAL');
  t.regex(silent.stderr, /ended without a summary/);
});

test('a program that cannot be started is reported as missing', async (t) => {
  const env = program(t, '');
  chmodSync(env.XFORM_CLUSTER_BIN, 0o644);
  const ended = await xform(clusterArguments(temporaryFolder(t), '--json'), { env });
  t.is(ended.status, 1);
  t.like(failure(ended.stdout), { code: 'XFORM_CLUSTER_MISSING' });
});

test.serial('callbacks that throw do not stop the run', async (t) => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on('warning', hear);
  t.teardown(() => process.off('warning', hear));
  const heard: unknown[] = [];
  const fail = (event: CheckReport | Progress) => {
    heard.push(event);
    throw new Error('thrown by the callback');
  };
  const body = `
    say({ kind: 'started', report: { rows: 10 } });
    for (const rows of [5, 10]) say({ kind: 'progress', progress: { rows } });
    say({ kind: 'done', summary: { total_input: 10 } });`;
  Object.assign(process.env, program(t, body));
  t.teardown(() => delete process.env['XFORM_CLUSTER_BIN']);
  const summary = await clusterApply(job(temporaryFolder(t)), { onStart: fail, onProgress: fail });
  t.is(summary.total_input, 10);
  t.deepEqual(heard, [{ rows: 10 }, { rows: 5 }, { rows: 10 }]);
  await new Promise((wake) => setImmediate(wake));
  t.deepEqual(
    warnings.filter(({ name }) => name === 'XformProgressWarning').map(({ message }) => message.split(' ')[0]),
    ['onStart', 'onProgress'],
  );
});

test('--quiet hides the progress, unless --progress asks for it', async (t) => {
  const env = program(
    t,
    `say({ kind: 'progress', progress: { rows: 5 } });
     say({ kind: 'failed', error: { code: 'XFORM_CLUSTER_FAILED', message: 'no', details: {} } });`,
  );
  const shown = async (...more: string[]) =>
    (await xform(clusterArguments(temporaryFolder(t), '--quiet', ...more), { env })).stderr;
  t.is(await shown(), 'error: no\n');
  t.is(await shown('--progress', 'json'), '{"rows":5}\nerror: no\n');
});

test('a signal is passed to the program, and the exit status is that of the signal', async (t) => {
  const env = program(
    t,
    `process.on('SIGTERM', () => {
       say({ kind: 'failed', error: { code: 'XFORM_CANCELLED', message: 'stopped', details: { rows: 5 } } });
       process.exit(1);
     });
     process.stderr.write('at work');
     setInterval(() => {}, 1000);`,
  );
  const ended = await xform(clusterArguments(temporaryFolder(t), '--json'), {
    env,
    onStderr: (text, child) => text === 'at work' && child.kill('SIGINT'),
  });
  t.is(ended.status, 130);
  t.is(failure(ended.stdout).code, 'XFORM_CANCELLED');
});

test('options that a cluster does not have are refused', async (t) => {
  const folder = temporaryFolder(t);
  const options = { ...job(folder), workers: 2 } as Parameters<typeof clusterApply>[0];
  await t.throwsAsync(clusterApply(options), {
    code: 'XFORM_INVALID_OPTION',
    message: /^workers: is not an option; the options are /,
  });
  for (const none of [undefined, null, 'all'] as unknown as (typeof options)[]) {
    await t.throwsAsync(clusterApply(none), { code: 'XFORM_INVALID_OPTION', message: 'options: must be an object' });
  }
  const ended = await xform(clusterArguments(folder, '--resume'));
  t.is(ended.status, 2);
  t.regex(ended.stderr, /unknown option '--resume'/);
});
