// A command whose terminal, or the disk behind its standard streams, fails: it stops in order, or continues without
// output.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import {
  type Failed,
  finalFiles,
  jobArguments,
  LONG,
  main,
  run,
  summaryOf,
  temporaryFolder,
  until,
  writeLargeLibrary,
  xform,
} from '../util';

test.serial('without a terminal, as under nohup, SIGHUP stops neither the run nor its child', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  let isSent = false;
  const args = jobArguments(folder, '-i', input, '--workers', '1', '--progress', 'json', '--json');
  const ended = await xform(args, {
    detached: true,
    onStderr(text, parent) {
      if (isSent || secondsIn(text).length < 2) return;
      isSent = true;
      // A shell sends the signal to the whole group, including the child.
      process.kill(-Number(parent.pid), 'SIGHUP');
    },
  });
  t.true(isSent);
  t.is(ended.status, 0, ended.stderr);
  t.is(summaryOf(ended).total_input, LONG);
  const seconds = secondsIn(ended.stderr);
  t.deepEqual(
    seconds,
    [...seconds].sort((a, b) => a - b),
    'the time of one child, and not of a second one',
  );
});

test.serial('a terminal that closes stops the run in order: exit status 129, no file', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  const [status, said] = [join(folder, 'status'), join(folder, 'said')];
  // A shell signals the commands that it has started. The first wait ends with the signal.
  const terminal = onTerminal(
    `${command(folder, input)} --json > '${said}' & trap "kill -HUP $!" HUP; wait $!; wait $!; echo $? > '${status}'`,
  );
  await until(() => isAtWork(folder));
  terminal.kill('SIGKILL');
  await until(() => contentOf(status) !== '');
  t.is(contentOf(status), '129\n');
  t.is((JSON.parse(contentOf(said)) as Failed).error.code, 'XFORM_CANCELLED');
  t.deepEqual(finalFiles(join(folder, 'out')), []);
});

test.serial('a disowned run continues when its terminal closes', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  const status = join(folder, 'status');
  // In its own session, the command is not signalled.
  const terminal = onTerminal(`setsid sh -c "${command(folder, input)}; echo \\$? > '${status}'" & wait`);
  await until(() => isAtWork(folder));
  terminal.kill('SIGKILL');
  await until(() => contentOf(status) !== '');
  t.is(contentOf(status), '0\n');
  t.is(finalFiles(join(folder, 'out')).length, 3);
});

const fullDisk = [
  ['stdout', '> /dev/full'],
  ['stderr', '2> /dev/full'],
  ['both', '> /dev/full 2>&1'],
] as const;

for (const [what, redirection] of fullDisk) {
  test(`a full disk behind ${what} changes neither results nor exit status`, async (t) => {
    const folder = temporaryFolder(t);
    const ended = await inShell(jobArguments(folder, '--progress', 'json', '--json'), redirection);
    t.is(ended.status, 0, ended.stderr);
    t.false(/\n +at /.test(ended.stderr), ended.stderr);
    t.is(finalFiles(join(folder, 'out')).length, 3);

    const table = await inShell(['verify', join(folder, 'out')], redirection);
    t.is(table.status, 0, table.stderr);
    const failed = await inShell(jobArguments(folder, '--json'), redirection);
    t.is(failed.status, 2, 'the folder is in use; the message has nowhere to go');
    const help = await inShell(['apply', '--help'], redirection);
    t.is(help.status, 0, help.stderr);
  });
}

test('a log file that has reached the limit on file sizes changes neither results nor exit status', async (t) => {
  const folder = temporaryFolder(t);
  const blocks = 4096;
  const log = join(folder, 'log');
  writeFileSync(log, Buffer.alloc(512 * blocks));
  const words = ['ulimit -f', String(blocks), '&& exec "$0" "$@"', `>> '${log}' 2>&1`];
  const ended = await run('sh', ['-c', words.join(' '), process.execPath, main, ...jobArguments(folder)]);
  t.deepEqual([ended.status, ended.signal], [0, null]);
  t.is(finalFiles(join(folder, 'out')).length, 3);
});

/** The command with its output redirected, as in a shell. */
function inShell(args: readonly string[], redirection: string) {
  return run('sh', ['-c', `exec "$0" "$@" ${redirection}`, process.execPath, main, ...args]);
}

/** The times in the lines of progress. */
function secondsIn(text: string): number[] {
  return [...text.matchAll(/"elapsed_seconds":([\d.]+)/g)].map(([, seconds]) => Number(seconds));
}

/** Runs a shell command line on a terminal, which closes when the process is killed. */
function onTerminal(line: string) {
  return spawn('script', ['-qec', line, '/dev/null'], { stdio: 'ignore', env: { ...process.env, TERM: 'xterm' } });
}

function command(folder: string, input: string): string {
  const words = [process.execPath, main, ...jobArguments(folder, '-i', input, '--workers', '1')];
  return words.map((word) => `'${word}'`).join(' ');
}

function isAtWork(folder: string): boolean {
  return existsSync(join(folder, 'out', '.xform-native', 'in-hand'));
}

function contentOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
