// How the supervisor handles each way in which its child can end, with a simulated child (fixture/child.ts).
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
  SystemError,
} from 'xform-native';
import { groupFolders } from '../dist/isolation/control-group';
import type { Predecessors, ToChild } from '../dist/isolation/messages';
import { watchGroup } from '../dist/isolation/oom-kills';
import { type Means, supervise } from '../dist/isolation/supervisor';
import { parseCrashRecord, readTimes, withChecksum, withoutChecksum } from '../dist/isolation/work-folder';
import type { RunOptions } from '../dist/options/arguments';
import type { Fates } from './fixture/child';
import { crashRecord } from './fixture/crash-record';
import { root, run, SOON, temporaryFolder } from './util';

interface Played {
  outdir: string;
  total: number;
  /** Whether the run counts as one that had finished before it was called. */
  alreadyFinished: boolean;
}

interface Playing {
  /** CPU time that a row may take, in seconds. */
  limit?: number;
  control?: ApplyControl;
  entry?: { force: boolean; resume: boolean };
  means?: Partial<Means>;
}

/** A run into `outdir` with a child that has these fates. */
async function play(outdir: string, fates: Fates, playing: Playing = {}): Promise<Played> {
  const { limit = 0, control = {}, entry = { force: true, resume: false }, means } = playing;
  const options = { outdir, ...entry } as RunOptions;
  const command = [process.execPath, join(__dirname, 'fixture', 'child.js'), JSON.stringify(fates)] as const;
  const summary = await supervise({ options, molTimeoutSeconds: limit }, control, { command, ...means });
  return { outdir, total: summary.total_input, alreadyFinished: summary.already_finished === true };
}

function lines<T>(outdir: string, ...name: string[]): T[] {
  const text = readFileSync(join(outdir, ...name), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

function quarantine(outdir: string): object[] {
  const path = join(outdir, '.xform-native', 'quarantine.jsonl');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(withoutChecksum(line) ?? '') as object]));
}

/** The tasks that the children were given, abbreviated. */
function tasks(outdir: string): string[] {
  return lines<ToChild>(outdir, 'tasks.jsonl').map((task) => {
    if (task.kind === 'try') return `try ${task.sourceRow}`;
    return task.kind === 'run' && task.options.resume && !task.options.force ? 'resume' : task.kind;
  });
}

test('a crash record is read, and other content is not mistaken for one', (t) => {
  t.like(parseCrashRecord(crashRecord(17, 3)), { sourceRow: 17, transform: 3, threadId: process.pid });
  t.like(parseCrashRecord(crashRecord(0, -1)), { sourceRow: 0, transform: null });
  t.is(parseCrashRecord(crashRecord(null, -1))?.sourceRow, null);
  const whole = crashRecord(17, 3);
  t.is(parseCrashRecord(whole.subarray(0, 39)), undefined);
  t.is(parseCrashRecord(Buffer.alloc(40)), undefined);
  whole.writeUInt32LE(2, 4);
  t.is(parseCrashRecord(whole), undefined);
});

test('a child that survives is the only one', async (t) => {
  const { outdir, total } = await play(temporaryFolder(t), {});
  t.is(total, 10);
  t.deepEqual(tasks(outdir), ['run']);
});

test('a run that its own child has finished does not count as finished before', async (t) => {
  const resumed = await play(temporaryFolder(t), {}, { entry: { force: false, resume: true } });
  t.true(resumed.alreadyFinished);
  const killed = await play(temporaryFolder(t), { kills: { 2: [3] } });
  t.deepEqual(tasks(killed.outdir), ['run', 'try 2', 'resume']);
  t.false(killed.alreadyFinished);
});

test('rows that kill a child even when tried alone are quarantined, and the run continues', async (t) => {
  const { outdir, total } = await play(temporaryFolder(t), { kills: { 2: [3], 7: [-1] } });
  t.is(total, 10);
  t.deepEqual(tasks(outdir), ['run', 'try 2', 'resume', 'try 7', 'resume']);
  t.deepEqual(quarantine(outdir), [
    { source_row: 2, transform: 3, code: 'crashed' },
    { source_row: 7, transform: null, code: 'crashed' },
  ]);
  t.false(existsSync(join(outdir, '.xform-native', 'in-hand', 'try')));
});

test('a second transform of a row is tried alone, without the one in quarantine', async (t) => {
  const { outdir } = await play(temporaryFolder(t), { kills: { 2: [3, 5] } });
  t.deepEqual(tasks(outdir), ['run', 'try 2', 'resume', 'try 2', 'resume']);
  t.deepEqual(quarantine(outdir), [
    { source_row: 2, transform: 3, code: 'crashed' },
    { source_row: 2, transform: 5, code: 'crashed' },
  ]);
});

test('a row over the time limit is quarantined as a whole, without a second try', async (t) => {
  const { outdir } = await play(temporaryFolder(t), { spins: 4 }, { limit: 0.3 });
  t.deepEqual(tasks(outdir), ['run', 'resume']);
  t.deepEqual(quarantine(outdir), [{ source_row: 4, transform: null, code: 'timed_out' }]);
});

test('a row over the time limit is found even if its child takes long to exit', async (t) => {
  const { outdir } = await play(temporaryFolder(t), { spins: 4, lingers: true }, { limit: 0.3 });
  t.deepEqual(tasks(outdir), ['run', 'resume']);
  t.deepEqual(quarantine(outdir), [{ source_row: 4, transform: null, code: 'timed_out' }]);
});

test('the time that a row has taken is kept across children and runs', async (t) => {
  const outdir = temporaryFolder(t);
  const noted = join(outdir, '.xform-native', 'row-times.json');
  await play(outdir, { spins: 4, waitsForNote: true }, { limit: 2 });
  t.deepEqual(tasks(outdir), ['run', 'resume', 'resume'], 'the time was noted while the first child had it in hand');
  t.deepEqual(quarantine(outdir), [{ source_row: 4, transform: null, code: 'timed_out' }]);
  const times = JSON.parse(withoutChecksum(readFileSync(noted, 'utf8')) ?? '') as Record<string, number>;
  const [, time] = Object.entries(times)[0] ?? [];
  t.true(Number(time) >= 0.1, `${time}`);

  const another = temporaryFolder(t);
  mkdirSync(join(another, '.xform-native'));
  writeFileSync(join(another, '.xform-native', 'row-times.json'), withChecksum('{"4":59.9}'));
  await play(another, { spins: 4 }, { limit: 60 });
  t.deepEqual(tasks(another), ['run', 'resume']);
  t.deepEqual(quarantine(another), [{ source_row: 4, transform: null, code: 'timed_out' }]);
});

test('each child is told about those that died before it', async (t) => {
  const deaths: Fates['deaths'] = { 1: { row: 5, by: 'SIGKILL' }, 2: { row: 7, by: 'SIGUSR2' } };
  const { outdir } = await play(temporaryFolder(t), { deaths, kills: { 8: [1] }, rowsResumed: [3, 5, 7, 7] });
  t.deepEqual(tasks(outdir), ['run', 'resume', 'resume', 'try 8', 'resume']);
  const heard = lines<{ predecessors?: Predecessors }>(outdir, 'tasks.jsonl').map(({ predecessors }) => predecessors);
  t.is(heard[0], undefined);
  t.like(heard[1], { rows_resumed: 3, restarts: { total: 1, reasons: { SIGKILL: 1 } } });
  const reasons = { SIGKILL: 1, SIGUSR2: 1, SIGSEGV: 1 };
  t.like(heard[4], { rows_resumed: 3, restarts: { total: 3, reasons } }, 'a child that tries a row is none of them');
  t.true(Number(heard[1]?.elapsed_seconds) > 0);
  t.true(Number(heard[4]?.elapsed_seconds) > Number(heard[2]?.elapsed_seconds));
});

test('if the current rows cannot be read, there is no time limit, and the run is refused', async (t) => {
  const outdir = temporaryFolder(t);
  const spoilt = join(outdir, '.xform-native', 'in-hand', 'folder');
  const error = await t.throwsAsync(
    play(outdir, { hangs: 6 }, { limit: 60, control: { onProgress: () => mkdirSync(spoilt, { recursive: true }) } }),
    { instanceOf: OutputError, code: 'XFORM_OUTPUT_FAILED', message: /^cannot read .*folder: EISDIR/ },
  );
  t.like(error?.details, { path: spoilt, action: 'read' });
  t.deepEqual(tasks(outdir), ['run']);
});

test('files of an earlier run are not blamed, and a truncated line is not continued', async (t) => {
  const outdir = temporaryFolder(t);
  const folder = join(outdir, '.xform-native');
  mkdirSync(join(folder, 'in-hand'), { recursive: true });
  writeFileSync(join(folder, 'in-hand', '5'), crashRecord(9, 0));
  const earlier = { source_row: 2, transform: 1, code: 'crashed' };
  writeFileSync(join(folder, 'quarantine.jsonl'), `${withChecksum(JSON.stringify(earlier))}\n{"source_r`);
  await play(outdir, { kills: { 7: [3] } });
  t.deepEqual(tasks(outdir), ['run', 'try 7', 'resume']);
  t.deepEqual(quarantine(outdir), [earlier, { source_row: 7, transform: 3, code: 'crashed' }]);
});

test('a quarantine in which a bit has flipped is refused, and a changed time of a row is not used', async (t) => {
  const outdir = temporaryFolder(t);
  const folder = join(outdir, '.xform-native');
  mkdirSync(folder);
  const line = withChecksum(JSON.stringify({ source_row: 2, transform: 1, code: 'crashed' }));
  writeFileSync(join(folder, 'quarantine.jsonl'), `${line.replace(':2', ':3')}\n`);
  await t.throwsAsync(play(outdir, { kills: { 7: [3] } }), {
    instanceOf: OutputError,
    code: 'XFORM_OUTPUT_DAMAGED',
    message: /quarantine\.jsonl is damaged: .*--force/,
  });
  const times = join(folder, 'row-times.json');
  writeFileSync(times, withChecksum('{"4":1}'));
  t.deepEqual([...readTimes(times)], [[4, 1e9]]);
  writeFileSync(times, withChecksum('{"4":1}').replace('4', '5'));
  t.deepEqual([...readTimes(times)], []);
});

test('a kill rejects no molecule, whether it hits the child or the child that tries the row alone', async (t) => {
  for (const by of ['SIGKILL', 'SIGTERM', 'SIGXCPU'] as const) {
    const { outdir, total } = await play(temporaryFolder(t), { deaths: { 1: { row: 5, by } } });
    t.is(total, 10);
    t.deepEqual(tasks(outdir), ['run', 'resume'], 'a row that is not suspected is not tried');
    t.deepEqual(quarantine(outdir), []);
  }
  const deaths: Fates['deaths'] = { 1: { row: 5, by: 'SIGSEGV' }, 2: { row: 5, by: 'SIGKILL' } };
  const { outdir, total } = await play(temporaryFolder(t), { deaths });
  t.is(total, 10);
  t.deepEqual(tasks(outdir), ['run', 'try 5', 'resume']);
  t.deepEqual(quarantine(outdir), []);
});

/** Children that are killed, and after whose death the kernel counts a kill because memory ran out. */
const killed: Fates['deaths'] = Object.fromEntries([1, 2, 3].map((child) => [child, { row: 5, by: 'SIGKILL' }]));

test('a row that runs out of memory alone, twice, is rejected as out_of_memory', async (t) => {
  const { outdir, total } = await play(
    temporaryFolder(t),
    { deaths: killed },
    { means: { watchOomKills: () => () => true } },
  );
  t.is(total, 10);
  t.deepEqual(tasks(outdir), ['run', 'try 5', 'try 5', 'resume']);
  t.deepEqual(quarantine(outdir), [{ source_row: 5, transform: null, code: 'out_of_memory' }]);
});

test('a row that runs out of memory only once, or only together with others, is not rejected', async (t) => {
  const twice = { deaths: { ...killed, 3: { row: 9, by: 'SIGKILL' } } } satisfies Fates;
  const survives = await play(temporaryFolder(t), twice, { means: { watchOomKills: () => () => true } });
  t.deepEqual(tasks(survives.outdir), ['run', 'try 5', 'try 5', 'resume']);
  t.deepEqual(quarantine(survives.outdir), []);

  let children = 0;
  const watchOomKills = () => {
    const child = ++children;
    return () => child < 3;
  };
  const notCounted = await play(temporaryFolder(t), { deaths: killed }, { means: { watchOomKills } });
  t.deepEqual(tasks(notCounted.outdir), ['run', 'try 5', 'try 5', 'resume']);
  t.deepEqual(quarantine(notCounted.outdir), []);
});

test('kills because of memory are read from control groups of both versions', (t) => {
  const folder = temporaryFolder(t);
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const groups = (membership: string) => groupFolders(membership, 'memory', folder);
  write('job/memory.events', 'low 0\nhigh 7\nmax 3\noom 1\noom_kill 4\n');
  const v2 = watchGroup(groups('0::/job\n'));
  t.false(v2());
  write('job/memory.events', 'low 0\nhigh 7\nmax 3\noom 2\noom_kill 5\n');
  t.true(v2());

  write('memory/memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 0\n');
  // In a container its group is the root, while the path is the one outside.
  const v1 = watchGroup(groups('9:cpu:/else\n4:memory,hugetlb:/docker/0af3\n0::/\n'));
  t.false(v1());
  write('memory/memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n');
  t.true(v1());
  t.false(watchGroup(groups('0::/elsewhere\n'))());
});

test('a crash that happens only together with other rows ends the run after five deaths without a commit', async (t) => {
  const outdir = temporaryFolder(t);
  const error = await t.throwsAsync(play(outdir, { exits: 5 }), {
    instanceOf: InternalError,
    code: 'XFORM_CRASHED',
    message:
      /died 5 times \(exit_9 5x\) without a commit in between, after 0 rows, .* --resume, and with --skip-rows 5 /,
  });
  t.deepEqual(error?.details, {
    signal: null,
    exit_code: 9,
    rows: 0,
    path: outdir,
    deaths: { exit_9: 5 },
    rows_in_hand: [5],
  });
  const four = ['resume', 'try 5', 'resume', 'try 5', 'resume', 'try 5', 'resume', 'try 5'];
  t.deepEqual(tasks(outdir), ['run', 'try 5', ...four]);
});

test('any number of deaths is tolerated if the run commits between them', async (t) => {
  const deaths = Object.fromEntries(
    Array.from({ length: 7 }, (_, index) => [index + 1, { row: 5, by: 'SIGKILL' as const }]),
  );
  const { outdir, total } = await play(temporaryFolder(t), { deaths, commits: true });
  t.is(total, 10);
  t.is(tasks(outdir).length, 8);
  await t.throwsAsync(play(temporaryFolder(t), { deaths }), {
    code: 'XFORM_CRASHED',
    message: /died 5 times \(SIGKILL 5x\).* memory/,
  });
});

test('a silent child is killed, and the error names the likely cause', async (t) => {
  const outdir = temporaryFolder(t);
  const error = await t.throwsAsync(play(outdir, { isMute: true }, { means: { startLimitMs: 500 } }), {
    instanceOf: SystemError,
    code: 'XFORM_SYSTEM_LIMIT',
    message: /^cannot start a process for RDKit: it did not answer within 0\.5 s.* raise the limits on processes/,
  });
  t.truthy(error?.details['reason']);
});

test('a child that is killed before it has started is restarted with the same task', async (t) => {
  const deaths: Fates['deaths'] = {
    1: { row: -1, by: 'SIGKILL' },
    2: { row: 5, by: 'SIGKILL' },
    3: { row: -1, by: 'SIGHUP' },
  };
  const { outdir, total } = await play(temporaryFolder(t), { deaths });
  t.is(total, 10);
  t.deepEqual(tasks(outdir), ['run', 'run', 'resume', 'resume'], '--force still holds for the second');
});

test('a death before the first row ends the run at once', async (t) => {
  const outdir = temporaryFolder(t);
  await t.throwsAsync(play(outdir, { isStillborn: true }), { code: 'XFORM_CRASHED', message: /before the first mol/ });
  t.deepEqual(tasks(outdir), ['run']);
});

test('if a child cannot be started, the run fails', async (t) => {
  const options = { outdir: temporaryFolder(t) } as RunOptions;
  await t.throwsAsync(supervise({ options, molTimeoutSeconds: 0 }, {}, { command: ['/nonexistent/node'] }), {
    code: 'XFORM_INTERNAL',
    message: /ENOENT/,
  });
});

test('if the system has no process left, the run ends with an error, and the process continues', async (t) => {
  const script = `
    const fs = require('node:fs');
    const { supervise } = require(${JSON.stringify(join(root, 'dist', 'isolation', 'supervisor.js'))});
    const files = [];
    try { for (;;) files.push(fs.openSync('/dev/null')); } catch {}
    // The work folder is checked first.
    fs.closeSync(files.pop());
    const options = { outdir: ${JSON.stringify(temporaryFolder(t))} };
    supervise({ options, molTimeoutSeconds: 1 }, {}).catch(({ code, message }) => console.log(code, message));
  `;
  const ended = await run('sh', ['-c', 'ulimit -n 64 && exec "$0" -e "$1"', process.execPath, script]);
  t.deepEqual([ended.status, ended.stderr], [0, '']);
  t.regex(ended.stdout, /^XFORM_SYSTEM_LIMIT cannot start a process for RDKit: .* EMFILE/);
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

test('a child that ignores a request to stop is killed', async (t) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  let abortedAt = 0;
  const onProgress = ({ rows }: Progress) => {
    t.is(rows, 6);
    abortedAt = performance.now();
    controller.abort(reason);
  };
  const outdir = temporaryFolder(t);
  const error = await t.throwsAsync(
    play(outdir, { hangs: 6 }, { control: { signal: controller.signal, onProgress } }),
    {
      instanceOf: CancelledError,
      message: /after 6 rows.*--resume/,
    },
  );
  t.true(performance.now() - abortedAt < SOON);
  t.is(error?.cause, reason);
  t.deepEqual(error?.details, { rows: 6, path: outdir });
  t.deepEqual(readdirSync(join(outdir, '.xform-native')), ['in-hand']);
});
