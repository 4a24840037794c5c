// How the supervisor handles each way in which its child can end, with a simulated child (fixture/child.ts).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import {
  type ApplyControl,
  CancelledError,
  ConfigError,
  InternalError,
  type Progress,
  SystemError,
} from 'xform-native';
import { groupFolders } from '../dist/isolation/control-group';
import { watchGroup } from '../dist/isolation/oom-kills';
import { type Means, supervise } from '../dist/isolation/supervisor';
import type { Task } from '../dist/isolation/tasks';
import type { RunOptions } from '../dist/options/arguments';
import type { Act, Play } from './fixture/child';
import { root, run, SOON, temporaryFolder } from './util';

interface Played {
  outdir: string;
  total: number;
  /** Whether the result claims that the run had finished before it was called. */
  alreadyFinished: boolean;
}

interface Playing {
  control?: ApplyControl;
  entry?: { force: boolean; resume: boolean };
  means?: Partial<Means>;
}

/** A run into `outdir` whose children act out `play`. */
async function act(outdir: string, play: Play, playing: Playing = {}): Promise<Played> {
  const { control = {}, entry = { force: true, resume: false }, means } = playing;
  const options = { outdir, ...entry } as RunOptions;
  const command = [process.execPath, join(__dirname, 'fixture', 'child.js'), JSON.stringify(play)] as const;
  const summary = await supervise({ options, molTimeoutSeconds: 60 }, control, { command, ...means });
  return { outdir, total: summary.total_input, alreadyFinished: summary.already_finished === true };
}

const begun: Act = { say: { kind: 'begun' } };
const overdue: Act = { say: { kind: 'overdue' } };
const inHand = (...rows: number[]): Act => ({ say: { kind: 'in_hand', rows } });
const knownInHand = (...rows: number[]): Act => ({ say: { kind: 'in_hand', known_file: 'known.smi', rows } });
const judged = (guilty: number, committed = 0): Act => ({ say: { kind: 'judged', guilty, committed } });
const progress = (reached: Partial<Progress>): Act => ({ say: { kind: 'progress', progress: reached as Progress } });
const dies = (by: NodeJS.Signals): Act[] => [begun, { die: by }];

function given(outdir: string): Exclude<Task, { kind: 'molecules' }>[] {
  const lines = readFileSync(join(outdir, 'tasks.jsonl'), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** The tasks that the children were given, abbreviated. */
function tasks(outdir: string): string[] {
  return given(outdir).map((task) => {
    if (task.kind === 'judge') return `judge ${task.cause}`;
    return task.options.resume && !task.options.force ? 'resume' : task.kind;
  });
}

test('a child that survives is the only one', async (t) => {
  const { outdir, total } = await act(temporaryFolder(t), []);
  t.is(total, 10);
  t.deepEqual(tasks(outdir), ['run']);
});

test('a run that its own child has finished does not count as finished before', async (t) => {
  const resumed = await act(temporaryFolder(t), [], { entry: { force: false, resume: true } });
  t.true(resumed.alreadyFinished);
  const killed = await act(temporaryFolder(t), [dies('SIGSEGV'), [judged(1)]]);
  t.deepEqual(tasks(killed.outdir), ['run', 'judge crashed', 'resume']);
  t.false(killed.alreadyFinished);
});

for (const [name, acts, cause] of [
  ['a fault of its own', dies('SIGABRT'), 'crashed'],
  ['an exit status', [begun, { exit: 9 }], 'crashed'],
  ['a SIGKILL from outside', dies('SIGKILL'), 'killed'],
  ['a SIGTERM from outside', dies('SIGTERM'), 'killed'],
  ['a SIGXCPU from outside', dies('SIGXCPU'), 'killed'],
  ['a row over the time limit', [begun, overdue], 'timed_out'],
  ['a row over the time limit, and it takes long to exit', ['linger', begun, overdue], 'timed_out'],
] satisfies [string, Act[], string][]) {
  test(`the death of a child is judged, and the run continues: ${name}`, async (t) => {
    const { outdir, total } = await act(temporaryFolder(t), [acts]);
    t.is(total, 10);
    t.deepEqual(tasks(outdir), ['run', `judge ${cause}`, 'resume']);
  });
}

test('a judge that dies of a row is followed by another, which is told how it died', async (t) => {
  const { outdir } = await act(temporaryFolder(t), [
    dies('SIGSEGV'),
    [inHand(2), ...dies('SIGKILL')],
    [inHand(), begun, overdue],
    [inHand(), judged(1)],
  ]);
  t.deepEqual(tasks(outdir), ['run', 'judge crashed', 'judge killed', 'judge timed_out', 'resume']);
});

test('a judge that dies before it tries a row has no verdict, and the run continues', async (t) => {
  const { outdir } = await act(temporaryFolder(t), [dies('SIGSEGV'), [{ die: 'SIGSEGV' }]]);
  t.deepEqual(tasks(outdir), ['run', 'judge crashed', 'resume']);
});

test('a SIGKILL counts as out_of_memory if the kernel counts such a kill', async (t) => {
  const means = { watchOomKills: () => () => true };
  const { outdir } = await act(temporaryFolder(t), [dies('SIGKILL'), dies('SIGKILL'), [judged(1)]], { means });
  t.deepEqual(tasks(outdir), ['run', 'judge out_of_memory', 'judge out_of_memory', 'resume']);
  const other = await act(temporaryFolder(t), [dies('SIGTERM')], { means });
  t.deepEqual(tasks(other.outdir), ['run', 'judge killed', 'resume']);
});

test('each child learns about those that died before it, and about the time limit', async (t) => {
  const resumed = (rows: number): Act => progress({ rows, rows_resumed: rows });
  const { outdir } = await act(temporaryFolder(t), [
    [resumed(3), ...dies('SIGKILL')],
    [],
    [resumed(5), ...dies('SIGUSR2')],
    dies('SIGSEGV'),
    [judged(1)],
    [resumed(7), ...dies('SIGSEGV')],
  ]);
  const heard = given(outdir).flatMap((task) => ('supervision' in task ? [task.supervision] : []));
  t.is(heard.length, 8);
  t.true(heard.every(({ row_limit_seconds, reports }) => row_limit_seconds === 60 && !reports));
  const [first, , second, , , , , last] = heard.map(({ predecessors }) => predecessors);
  t.like(first, { rows_resumed: null, restarts: { total: 0, reasons: {} } });
  t.like(second, { rows_resumed: 3, restarts: { total: 1, reasons: { SIGKILL: 1 } } });
  const reasons = { SIGKILL: 1, SIGUSR2: 1, SIGSEGV: 1 };
  t.like(last, { rows_resumed: 3, restarts: { total: 3, reasons } }, 'judges are not counted');
  t.true(Number(second?.elapsed_seconds) > Number(first?.elapsed_seconds));
  t.true(Number(last?.elapsed_seconds) > Number(second?.elapsed_seconds));
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
  const common = [1, 2, 3, 4, 5].flatMap((row): Act[][] => [
    [begun, { exit: 9 }],
    [inHand(5, 10 + row), judged(0)],
  ]);
  const error = await t.throwsAsync(act(outdir, common), {
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
  const four = Array.from({ length: 4 }, () => ['resume', 'judge crashed']).flat();
  t.deepEqual(tasks(outdir), ['run', 'judge crashed', ...four]);
});

test('if known molecules were in progress at such deaths, the error names their file', async (t) => {
  const deaths = [1, 2, 3, 4, 5].flatMap((row): Act[][] => [
    [begun, { exit: 9 }],
    [row === 1 ? inHand(6) : knownInHand(5, 10 + row), judged(0)],
  ]);
  const error = await t.throwsAsync(act(temporaryFolder(t), deaths), {
    code: 'XFORM_CRASHED',
    message: /--resume; it was working most often on rows 5 of known\.smi \(--exclude\), counted from 0$/,
  });
  t.like((error as InternalError).details, { rows_in_hand: [5], known_file: 'known.smi' });
});

test('any number of deaths is tolerated if the run commits between them, or if rows are found to be to blame', async (t) => {
  const seven = (judge: (death: number) => Act) =>
    Array.from({ length: 7 }, (_, death) => [dies('SIGKILL'), [judge(death)]]).flat();
  for (const judge of [(death: number) => judged(0, death + 1), () => judged(1)]) {
    const { outdir, total } = await act(temporaryFolder(t), seven(judge));
    t.is(total, 10);
    t.is(tasks(outdir).length, 15);
  }
  await t.throwsAsync(
    act(
      temporaryFolder(t),
      seven(() => judged(0, 1)),
    ),
    {
      code: 'XFORM_CRASHED',
      message: /died 5 times \(SIGKILL 5x\).* memory/,
    },
  );
});

test('a silent child is killed, and the error names the likely cause', async (t) => {
  const error = await t.throwsAsync(act(temporaryFolder(t), 'mute', { means: { startLimitMs: 500 } }), {
    instanceOf: SystemError,
    code: 'XFORM_SYSTEM_LIMIT',
    message: /^cannot start a process for RDKit: it did not answer within 0\.5 s.* raise the limits on processes/,
  });
  t.truthy(error?.details['reason']);
});

test('a child that is killed before it has started is restarted with the same task', async (t) => {
  const play: Play = [[{ die: 'SIGKILL' }], dies('SIGKILL'), [], [{ die: 'SIGHUP' }]];
  const { outdir, total } = await act(temporaryFolder(t), play);
  t.is(total, 10);
  const expected = ['run', 'run', 'judge killed', 'resume', 'resume'];
  t.deepEqual(tasks(outdir), expected, '--force still holds for the second');
});

test('a death before the first row ends the run at once', async (t) => {
  const outdir = temporaryFolder(t);
  await t.throwsAsync(act(outdir, [[{ exit: 9 }]]), { code: 'XFORM_CRASHED', message: /before the first mol/ });
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
    const options = { outdir: ${JSON.stringify(temporaryFolder(t))} };
    supervise({ options, molTimeoutSeconds: 1 }, {}).catch(({ code, message }) => console.log(code, message));
  `;
  const ended = await run('sh', ['-c', 'ulimit -n 64 && exec "$0" -e "$1"', process.execPath, script]);
  t.deepEqual([ended.status, ended.stderr], [0, '']);
  t.regex(ended.stdout, /^XFORM_SYSTEM_LIMIT cannot start a process for RDKit: .* EMFILE/);
});

test('an error of the child keeps its class, code and details, be it of a run or of a judge', async (t) => {
  const details = { name: 'A' };
  const fails = (error: object): Act => ({
    say: { kind: 'failed', error: { message: '', stack: undefined, ...error } },
  });
  const typed = fails({ message: 'no such', code: 'XFORM_UNKNOWN_TRANSFORM', details });
  for (const play of [[[typed]], [dies('SIGSEGV'), [typed]]]) {
    const thrown = await t.throwsAsync(act(temporaryFolder(t), play), {
      instanceOf: ConfigError,
      code: 'XFORM_UNKNOWN_TRANSFORM',
      message: 'no such',
    });
    t.deepEqual(thrown?.details, details);
  }
  const unforeseen = await t.throwsAsync(
    act(temporaryFolder(t), [[fails({ message: 'odd', stack: 'stack of the child' })]]),
  );
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
  const control = { signal: controller.signal, onProgress };
  const error = await t.throwsAsync(act(outdir, [[begun, progress({ rows: 6 }), 'hang']], { control }), {
    instanceOf: CancelledError,
    message: /after 6 rows.*--resume/,
  });
  t.true(performance.now() - abortedAt < SOON);
  t.is(error?.cause, reason);
  t.deepEqual(error?.details, { rows: 6, path: outdir });
  t.deepEqual(tasks(outdir), ['run']);
});
