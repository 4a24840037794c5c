// Memory near its target or its limit: the run slows down, reports it, and succeeds.
//
// Control groups require root and a writable /sys/fs/cgroup; the names of skipped tests show what is missing.
// XFORM_LONG_TESTS=1 adds the 500,000 polyphenols, which take some minutes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { apply, type Summary } from 'xform-native';
import { ControlGroup } from './fixture/control-group';
import { config, type Ended, job, main, OME, root, run, summaryOf, temporaryFolder, writeLargeLibrary } from './util';

const MIB = 2 ** 20;

const refusal = ControlGroup.refusal();
const inGroup: (title: string, body: (t: ExecutionContext) => Promise<void>) => void = refusal
  ? (title, body) => test.skip(`${title} (no control group: ${refusal})`, body)
  : test.serial;

test('a target that Node alone exceeds slows the run down but changes no byte', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 50_000);
  const free = await apply(job(folder, { input }));
  // Other processes in its control group may slow it down, but not its own memory.
  t.not(free.memory.throttled_reason, 'process');

  const { memory, files, warnings } = await apply(job(folder, { input, force: true, targetMemory: '10MiB' }));
  t.deepEqual([files.products.sha256, files.rejects.sha256], [free.files.products.sha256, free.files.rejects.sha256]);
  t.true(memory.throttled_seconds > free.memory.throttled_seconds);
  t.is(memory.throttled_reason, 'process');
  t.true(memory.lowest_budget_bytes > 0 && memory.lowest_budget_bytes < memory.budget_bytes);
  t.true(warnings.some((warning) => warning.includes('--target-memory')));
});

inGroup('a run in a control group of 256 MiB ends without a kill', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 30_000);
  const { memory, total_input } = await runInGroup(t, ControlGroup.create(t, 256 * MIB), folder, input);
  t.is(total_input, 30_000);
  t.is(memory.limit_bytes, 256 * MIB);
  t.is(memory.target_bytes, Math.trunc(256 * MIB * 0.7));
});

inGroup('when others fill the control group the run waits, and continues when they have gone', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 120_000);
  const group = ControlGroup.create(t, 512 * MIB);
  const running = runInGroup(t, group, folder, input, '--workers', '1');
  const manifest = join(folder, 'out', '.xform-native', 'manifest.jsonl');
  const heldSeconds = await fill(group, 0.93, 2, () => existsSync(manifest));
  const { memory, elapsed_seconds, warnings } = await running;
  t.log(`${memory.throttled_seconds} s slowed down, group full for ${heldSeconds} s of ${elapsed_seconds} s`);
  t.is(memory.throttled_reason, 'control_group');
  t.true(memory.lowest_budget_bytes < memory.budget_bytes / 8);
  t.true(memory.throttled_seconds > heldSeconds / 2);
  t.true(warnings.some((warning) => warning.includes('control group')));
});

const polyphenols = join(root, '..', 'shared', 'data', 'polyphenol-2X-500k.parquet');
if (process.env['XFORM_LONG_TESTS']) {
  inGroup('500,000 rows with exact deduplication end in 256 MiB without a kill', async (t) => {
    t.timeout(3_600_000);
    const folder = temporaryFolder(t);
    const input = existsSync(polyphenols) ? polyphenols : await writeLargeLibrary(folder, 500_000);
    const { total_input } = await runInGroup(t, ControlGroup.create(t, 256 * MIB), folder, input, '--dedup', 'exact');
    t.is(total_input, 500_000);
  });
}

/** Runs the command in `group`; it must succeed, without a kill. */
async function runInGroup(
  t: ExecutionContext,
  group: ControlGroup,
  folder: string,
  input: string,
  ...more: string[]
): Promise<Summary> {
  const output = ['-o', join(folder, 'out'), '--xf-config', config, '--xf-name', OME, '--json'];
  const command = [process.execPath, main, 'apply', '-i', input, ...output, ...more];
  const ended: Ended = await run(...group.enter(command), { timeout: 3_600_000 });
  t.is(group.kills(), 0);
  t.is(ended.signal, null);
  t.is(ended.status, 0, ended.stderr);
  const summary = summaryOf(ended);
  const mebibytes = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;
  const { peak_bytes, throttled_seconds } = summary.memory;
  t.log(`peak ${mebibytes(peak_bytes)} of ${mebibytes(group.limit)}; slowed down for ${throttled_seconds} s`);
  return summary;
}

/**
 * Fills `group` to a share of its limit with the pages of a separate process, for that many seconds, once `begun` is
 * true. Returns for how long.
 */
async function fill(group: ControlGroup, share: number, seconds: number, begun: () => boolean): Promise<number> {
  // Each step is answered: the steps of a process that has to wait for its turn would otherwise add up beyond the
  // limit.
  const grow = `const kept = [];
    process.stdin.on('data', () => process.stdout.write(String(kept.push(Buffer.alloc(2 ** 22, 1)))))`;
  const [command, args] = group.enter([process.execPath, '-e', grow]);
  const ballast = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise((done) => ballast.on('close', done));
  const pause = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds));
  while (!begun()) await pause(10);
  while (group.ownPages() < share * group.limit && ballast.exitCode === null) {
    ballast.stdin.write('+');
    await Promise.race([once(ballast.stdout, 'data'), gone]);
  }
  const full = performance.now();
  await pause(1000 * seconds);
  ballast.kill('SIGKILL');
  await gone;
  return (performance.now() - full) / 1000;
}
