// What the supervisor makes of each way in which its child can end, with a child that only plays (fixture/child.ts).
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import {
  type ApplyControl,
  CancelledError,
  ConfigError,
  InternalError,
  OutputError,
  type Progress,
} from 'xform-native';
import type { NativeApplyOptions } from '../dist/native';
import { supervise, type ToChild } from '../dist/supervisor';
import { parseCrashRecord } from '../dist/work-folder';
import type { Fates } from './fixture/child';
import { crashRecord } from './fixture/crash-record';
import { root, run, SOON, temporaryFolder } from './util';

interface Played {
  outdir: string;
  total: number;
  /** Whether the run passes for one that had finished before it was called. */
  alreadyFinished: boolean;
}

/** A run in `outdir` with a child of these fates. */
async function play(
  outdir: string,
  fates: Fates,
  limit = 0,
  control: ApplyControl = {},
  entry = { force: true, resume: false },
): Promise<Played> {
  const options = { outdir, ...entry } as NativeApplyOptions;
  const command = [process.execPath, join(__dirname, 'fixture', 'child.js'), JSON.stringify(fates)] as const;
  const summary = await supervise({ options, molTimeoutSeconds: limit }, control, command);
  return { outdir, total: summary.total_input, alreadyFinished: summary.already_finished === true };
}

function lines<T>(outdir: string, ...name: string[]): T[] {
  const text = readFileSync(join(outdir, ...name), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

function quarantine(outdir: string): object[] {
  return lines(outdir, '.xform-native', 'quarantine.jsonl');
}

/** The tasks that the children were given, in short. */
function tasks(outdir: string): string[] {
  return lines<ToChild>(outdir, 'tasks.jsonl').map((task) => {
    if (task.kind === 'try') return `try ${task.sourceRow}`;
    return task.kind === 'run' && task.options.resume && !task.options.force ? 'resume' : task.kind;
  });
}

test('a crash record is read, and nothing else is taken for one', (t) => {
  t.like(parseCrashRecord(crashRecord(17, 3)), { sourceRow: 17, transform: 3, threadId: process.pid });
  t.like(parseCrashRecord(crashRecord(0, -1)), { sourceRow: 0, transform: null });
  t.is(parseCrashRecord(crashRecord(null, -1))?.sourceRow, null);
  const whole = crashRecord(17, 3);
  t.is(parseCrashRecord(whole.subarray(0, 39)), undefined);
  t.is(parseCrashRecord(Buffer.alloc(40)), undefined);
  whole.writeUInt32LE(2, 4);
  t.is(parseCrashRecord(whole), undefined);
});

test('a child that lives is one child', async (t) => {
  const { outdir, total } = await play(temporaryFolder(t), {});
  t.is(total, 10);
  t.deepEqual(tasks(outdir), ['run']);
});

test('a run that a child of its own has finished had not finished before', async (t) => {
  const resumed = await play(temporaryFolder(t), {}, 0, {}, { force: false, resume: true });
  t.true(resumed.alreadyFinished);
  const killed = await play(temporaryFolder(t), { kills: { 2: [3] } });
  t.deepEqual(tasks(killed.outdir), ['run', 'try 2', 'resume']);
  t.false(killed.alreadyFinished);
});

test('rows that kill a child also alone are quarantined, and the run goes on', async (t) => {
  const { outdir, total } = await play(temporaryFolder(t), { kills: { 2: [3], 7: [-1] } });
  t.is(total, 10);
  t.deepEqual(tasks(outdir), ['run', 'try 2', 'resume', 'try 7', 'resume']);
  t.deepEqual(quarantine(outdir), [
    { source_row: 2, transform: 3, code: 'crashed' },
    { source_row: 7, transform: null, code: 'crashed' },
  ]);
  t.false(existsSync(join(outdir, '.xform-native', 'in-hand', 'try')));
});

test('a second transform of a row is tried alone, without the one that is in quarantine', async (t) => {
  const { outdir } = await play(temporaryFolder(t), { kills: { 2: [3, 5] } });
  t.deepEqual(tasks(outdir), ['run', 'try 2', 'resume', 'try 2', 'resume']);
  t.deepEqual(quarantine(outdir), [
    { source_row: 2, transform: 3, code: 'crashed' },
    { source_row: 2, transform: 5, code: 'crashed' },
  ]);
});

test('a row over the time limit is quarantined without a second try', async (t) => {
  const { outdir } = await play(temporaryFolder(t), { spins: 4 }, 0.3);
  t.deepEqual(tasks(outdir), ['run', 'resume']);
  t.deepEqual(quarantine(outdir), [{ source_row: 4, transform: null, code: 'timed_out' }]);
});

test('a row that was over the time limit is that also while its child takes long to go', async (t) => {
  const { outdir } = await play(temporaryFolder(t), { spins: 4, lingers: true }, 0.3);
  t.deepEqual(tasks(outdir), ['run', 'resume']);
  t.deepEqual(quarantine(outdir), [{ source_row: 4, transform: null, code: 'timed_out' }]);
});

test('where the rows in hand cannot be read there is no time limit, and no run', async (t) => {
  const outdir = temporaryFolder(t);
  const spoilt = join(outdir, '.xform-native', 'in-hand', 'folder');
  const error = await t.throwsAsync(
    play(outdir, { hangs: 6 }, 60, { onProgress: () => mkdirSync(spoilt, { recursive: true }) }),
    { instanceOf: OutputError, code: 'XFORM_OUTPUT_FAILED', message: /^cannot read .*folder: EISDIR/ },
  );
  t.like(error?.details, { path: spoilt, action: 'read' });
  t.deepEqual(tasks(outdir), ['run']);
});

test('what an earlier run has left is not blamed, and a torn line not gone on with', async (t) => {
  const outdir = temporaryFolder(t);
  const folder = join(outdir, '.xform-native');
  mkdirSync(join(folder, 'in-hand'), { recursive: true });
  writeFileSync(join(folder, 'in-hand', '5'), crashRecord(9, 0));
  const earlier = { source_row: 2, transform: 1, code: 'crashed' };
  writeFileSync(join(folder, 'quarantine.jsonl'), `${JSON.stringify(earlier)}\n{"source_r`);
  await play(outdir, { kills: { 7: [3] } });
  t.deepEqual(tasks(outdir), ['run', 'try 7', 'resume']);
  t.deepEqual(quarantine(outdir), [earlier, { source_row: 7, transform: 3, code: 'crashed' }]);
});

test('a death that no molecule explains is borne twice', async (t) => {
  const outdir = temporaryFolder(t);
  const error = await t.throwsAsync(play(outdir, { exits: 5 }), {
    instanceOf: InternalError,
    code: 'XFORM_CRASHED',
    message: /died with exit status 9 3 times after 0 rows, .* --resume/,
  });
  t.deepEqual(error?.details, { signal: null, exit_code: 9, rows: 0, path: outdir });
  t.deepEqual(tasks(outdir), ['run', 'try 5', 'resume', 'try 5', 'resume', 'try 5']);
});

test('a death before the first row ends the run at once', async (t) => {
  const outdir = temporaryFolder(t);
  await t.throwsAsync(play(outdir, { isStillborn: true }), { code: 'XFORM_CRASHED', message: /before the first mol/ });
  t.deepEqual(tasks(outdir), ['run']);
});

test('a child that cannot be started is an error', async (t) => {
  const options = { outdir: temporaryFolder(t) } as NativeApplyOptions;
  await t.throwsAsync(supervise({ options, molTimeoutSeconds: 0 }, {}, ['/nonexistent/node']), {
    code: 'XFORM_INTERNAL',
    message: /ENOENT/,
  });
});

test('where the system has no process left the run ends with an error, and the process goes on', async (t) => {
  const script = `
    const fs = require('node:fs');
    const { supervise } = require(${JSON.stringify(join(root, 'dist', 'supervisor.js'))});
    const files = [];
    try { for (;;) files.push(fs.openSync('/dev/null')); } catch {}
    // The work folder is looked at before.
    fs.closeSync(files.pop());
    const options = { outdir: ${JSON.stringify(temporaryFolder(t))} };
    supervise({ options, molTimeoutSeconds: 1 }, {}).catch(({ code, message }) => console.log(code, message));
  `;
  const ended = await run('sh', ['-c', 'ulimit -n 64 && exec "$0" -e "$1"', process.execPath, script]);
  t.deepEqual([ended.status, ended.stderr], [0, '']);
  t.regex(ended.stdout, /^XFORM_INTERNAL internal error: no process for RDKit: spawn .* EMFILE\n$/);
});

test('an error of the child keeps its class, code and details', async (t) => {
  const details = { name: 'A' };
  const error = { message: 'no such', stack: 'stack', code: 'XFORM_UNKNOWN_TRANSFORM', details };
  const thrown = await t.throwsAsync(play(temporaryFolder(t), { answer: { kind: 'failed', error } }), {
    instanceOf: ConfigError,
    code: 'XFORM_UNKNOWN_TRANSFORM',
    message: 'no such',
  });
  t.deepEqual(thrown?.details, details);
  const plain = { message: 'odd', stack: 'stack of the child' };
  const unforeseen = await t.throwsAsync(play(temporaryFolder(t), { answer: { kind: 'failed', error: plain } }));
  t.is(unforeseen?.constructor, Error);
  t.is(unforeseen?.stack, 'stack of the child');
});

test('a child that does not stop when it is asked to is killed', async (t) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  let abortedAt = 0;
  const onProgress = ({ rows }: Progress) => {
    t.is(rows, 6);
    abortedAt = performance.now();
    controller.abort(reason);
  };
  const outdir = temporaryFolder(t);
  const error = await t.throwsAsync(play(outdir, { hangs: 6 }, 0, { signal: controller.signal, onProgress }), {
    instanceOf: CancelledError,
    message: /after 6 rows.*--resume/,
  });
  t.true(performance.now() - abortedAt < SOON);
  t.is(error?.cause, reason);
  t.deepEqual(error?.details, { rows: 6, path: outdir });
  t.deepEqual(readdirSync(join(outdir, '.xform-native')), ['in-hand']);
});
