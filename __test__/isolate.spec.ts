// Runs in a child process: molecules that kill it, its parent's end, and going on after an interruption.
//
// The deaths are made by an addon that is built for this alone (`npm run build:crash-addon`): the kernel dies, or never
// comes to an end, at the SMILES that XFORM_CRASH_SMILES names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { apply } from 'xform-native';
import { parseCrashRecord } from '../dist/work-folder';
import {
  finalFiles,
  job,
  jobArguments,
  LONG,
  OME,
  plants,
  type Row,
  readParquet,
  root,
  SOON,
  summaryOf,
  temporaryFolder,
  until,
  writeLargeLibrary,
  writeParquet,
  xform,
} from './util';

const crashAddon = join(root, 'out', 'crash-addon', 'xform-native.linux-x64-gnu.node');
const GUILTY = 500;

const deaths = {
  abort: 'crashed',
  segv: 'crashed',
  stack: 'crashed',
  spin: 'timed_out',
} as const;

for (const [death, code] of Object.entries(deaths)) {
  test.serial(`${death}: the molecule is ${code}, and all others are as if it had not been there`, async (t) => {
    const folder = temporaryFolder(t);
    const smiles = await sampleSmiles();
    const guilty = smiles[GUILTY] as string;
    const input = await writeLibrary(folder, 'with', smiles);
    const args = jobArguments(folder, '-i', input, '--mol-timeout', '1s', '--workers', '2', '--json');
    const ended = await xform(args, { env: crashAt(t, `${death}:${guilty}`) });
    t.is(ended.status, 0, ended.stderr);

    const rejects = await readParquet(join(folder, 'out', 'rejects.parquet'));
    t.deepEqual(
      rejects.map((reject) => [Number(reject['source_row']), reject['code'], reject['source_smiles']]),
      [[GUILTY, code, guilty]],
    );
    const summary = summaryOf(ended);
    t.like(summary, {
      total_input: smiles.length,
      rejected_rows: 1,
      stats: { rejected: 1 },
      quarantined: { crashed: code === 'crashed' ? 1 : 0, timed_out: code === 'timed_out' ? 1 : 0 },
    });
    t.true(summary.warnings.some((warning) => warning.includes('1 rows')));

    const without = smiles.filter((_, row) => row !== GUILTY);
    const outdir = join(folder, 'without');
    await apply(job(folder, { input: await writeLibrary(folder, 'without', without), outdir }));
    const expected = await readParquet(join(outdir, 'products.parquet'));
    t.deepEqual(
      await readParquet(join(folder, 'out', 'products.parquet')),
      expected.map((row) => shiftedFrom(GUILTY, row)),
    );
    t.deepEqual(readdirSync(join(folder, 'out')).sort(), ['SUMMARY.json', 'products.parquet', 'rejects.parquet']);
  });
}

test.serial('several molecules of several transforms are found one after the other', async (t) => {
  const folder = temporaryFolder(t);
  const smiles = await sampleSmiles();
  const guilty = [10, 11, 700];
  const env = crashAt(t, guilty.map((row, index) => `${['segv', 'abort', 'stack'][index]}:${smiles[row]}`).join(';'));
  const input = await writeLibrary(folder, 'library', smiles);
  const args = ['-i', input, '--xf-name', 'COOH__TO__CCl', '--json'];
  const ended = await xform(jobArguments(folder, ...args), { env });
  t.is(ended.status, 0, ended.stderr);
  const rejects = await readParquet(join(folder, 'out', 'rejects.parquet'));
  t.deepEqual([...new Set(rejects.map((reject) => Number(reject['source_row'])))], guilty);
  t.like(summaryOf(ended), { rejected_rows: 3, quarantined: { crashed: 3, timed_out: 0 } });
});

test.serial('without isolation the process dies', async (t) => {
  const folder = temporaryFolder(t);
  const smiles = await sampleSmiles();
  const env = crashAt(t, `abort:${smiles[GUILTY]}`);
  const ended = await xform(jobArguments(folder, '--no-isolate'), { env });
  t.is(ended.signal, 'SIGABRT');
  t.deepEqual(finalFiles(join(folder, 'out')), []);
});

test.serial('the products are those of a run without a child', async (t) => {
  const folder = temporaryFolder(t);
  const here = await apply(job(folder));
  const isolated = await apply(job(folder, { isolate: true, force: true }));
  t.deepEqual(isolated.files, here.files);
});

test.serial('a child whose parent is killed ends, and not by finishing', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  let children: number[] = [];
  const ended = await xform(jobArguments(folder, '-i', input, '--workers', '1', '--progress', 'json'), {
    onStderr(text, parent) {
      if (children.length > 0 || !text.includes('"rows"')) return;
      children = childrenOf(Number(parent.pid));
      parent.kill('SIGKILL');
    },
  });
  t.is(ended.signal, 'SIGKILL');
  t.is(children.length, 1);
  await until(() => !children.some(isAlive));
  t.deepEqual(finalFiles(join(folder, 'out')), []);
});

test.serial('Ctrl-C is 130, and --resume then gives the same bytes', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  const args = (...more: string[]) => jobArguments(folder, '-i', input, '--xf-name', OME, '--json', ...more);
  let sentAt = 0;
  const ended = await xform(args('--workers', '1', '--progress', 'json'), {
    detached: true,
    onStderr(text, parent) {
      if (sentAt > 0 || !/"rows":[1-9]/.test(text)) return;
      sentAt = performance.now();
      // A terminal sends it to the whole group, the child included.
      process.kill(-Number(parent.pid), 'SIGINT');
    },
  });
  t.is(ended.status, 130, ended.stderr);
  t.true(performance.now() - sentAt < SOON);
  t.deepEqual(finalFiles(join(folder, 'out')), []);

  const resumed = await xform(args('--resume'));
  t.is(resumed.status, 0, resumed.stderr);
  const unbroken = await xform(args('-o', join(folder, 'unbroken')));
  const sums = (text: string) => {
    const { products, rejects } = JSON.parse(text).files;
    return [products.sha256, rejects.sha256];
  };
  t.deepEqual(sums(resumed.stdout), sums(unbroken.stdout));
  t.is(summaryOf(resumed).total_input, LONG);
});

test.serial('a second signal ends parent and child at once', async (t) => {
  const folder = temporaryFolder(t);
  const smiles = await sampleSmiles();
  const input = await writeLibrary(folder, 'library', smiles);
  let children: number[] = [];
  const ended = await xform(jobArguments(folder, '-i', input, '--mol-timeout', 'none'), {
    env: crashAt(t, `spin:${smiles[GUILTY]}`),
    async onStderr(_, parent) {
      if (children.length > 0) return;
      const pid = Number(parent.pid);
      children = childrenOf(pid);
      await until(() => isInHand(join(folder, 'out'), GUILTY));
      parent.kill('SIGTERM');
      await until(() => !isPending(pid, 'SIGTERM'));
      parent.kill('SIGINT');
    },
  });
  // With the first one alone the child, which does not stop, is killed after a grace: the status is 143 then.
  t.is(ended.status, 130, ended.stderr);
  t.is(children.length, 1);
  await until(() => !children.some(isAlive));
  t.deepEqual(finalFiles(join(folder, 'out')), []);
});

/** The environment in which the kernel dies as `fates` says, see the head of this file. */
function crashAt(t: ExecutionContext, fates: string): NodeJS.ProcessEnv {
  if (!existsSync(crashAddon)) t.fail(`${crashAddon} is missing; npm run build:crash-addon makes it`);
  return { NAPI_RS_NATIVE_LIBRARY_PATH: crashAddon, XFORM_CRASH_SMILES: fates };
}

async function sampleSmiles(): Promise<string[]> {
  return (await readParquet(plants)).map((row) => row['smiles'] as string);
}

function writeLibrary(folder: string, name: string, smiles: string[]): Promise<string> {
  return writeParquet(join(folder, `${name}.parquet`), [{ name: 'smiles', data: smiles }]);
}

/** A product of a library without `row`, as it is in the library with it. */
function shiftedFrom(row: number, product: Row): Row {
  const source = product['source_row'] as bigint;
  return { ...product, source_row: source >= BigInt(row) ? source + 1n : source };
}

/** Whether a worker of a run into `outdir` has `row` in hand. */
function isInHand(outdir: string, row: number): boolean {
  const folder = join(outdir, '.xform-native', 'in-hand');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.some((file) => parseCrashRecord(readFileSync(join(folder, file)))?.sourceRow === row);
}

/** Whether a signal that was sent to `pid` has not come there yet. */
function isPending(pid: number, signal: NodeJS.Signals): boolean {
  const mask = /^ShdPnd:\s+([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0';
  return (BigInt(`0x${mask}`) & (1n << BigInt(constants.signals[signal] - 1))) !== 0n;
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and that nobody has asked for is a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
