// Runs in a child process: molecules that kill it, the end of its parent, and resuming after an interruption.
//
// A special addon (`npm run build:test-addon`) causes the deaths: its kernel dies or loops forever at the SMILES that
// XFORM_CRASH_SMILES names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

import test from 'ava';
import { apply } from 'xform-native';
import { ControlGroup, withProcesses } from './fixture/control-group';
import { rowInHand } from './fixture/crash-record';
import {
  crashAt,
  finalFiles,
  job,
  jobArguments,
  LONG,
  main,
  OME,
  plants,
  type Row,
  readParquet,
  root,
  run,
  SOON,
  summaryOf,
  temporaryFolder,
  until,
  writeLargeLibrary,
  writeParquet,
  writeSmiles,
  writeTransforms,
  xform,
} from './util';

const GUILTY = 500;

const deaths = {
  abort: { code: 'crashed', reason: 'SIGABRT' },
  segv: { code: 'crashed', reason: 'SIGSEGV' },
  stack: { code: 'crashed', reason: 'SIGSEGV' },
  spin: { code: 'timed_out', reason: 'timed_out' },
} as const;

for (const [death, { code, reason }] of Object.entries(deaths)) {
  test.serial(`${death}: the molecule is ${code}, and all others are as if it were not in the library`, async (t) => {
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
      rows_resumed: 0,
      quarantined: { crashed: code === 'crashed' ? 1 : 0, timed_out: code === 'timed_out' ? 1 : 0 },
      restarts: { total: 1, reasons: { [reason]: 1 } },
    });
    t.true(summary.warnings.some((warning) => warning.includes(`restarted once (${reason} 1x)`)));
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

test.serial('a molecule that takes too long loses its products of all transforms, with one reject', async (t) => {
  const folder = temporaryFolder(t);
  const [slow, other] = ['Oc1ccccc1C', 'Oc1ccccc1CC'];
  const input = writeSmiles(folder, [slow, other]);
  const transforms = writeTransforms(folder, { A: '[c:1][OX2H:2]>>[c:1][O:2]C', B: '[CH3:1]>>[CH2:1]F' });
  const args = ['-i', input, '--xf-config', transforms, '--xf-name', 'all', '--mol-timeout', '1s', '--json'];
  const ended = await xform(['apply', '-o', join(folder, 'out'), ...args], { env: crashAt(t, `spin@1:${slow}`) });
  t.is(ended.status, 0, ended.stderr);
  const rejects = await readParquet(join(folder, 'out', 'rejects.parquet'));
  t.deepEqual(
    rejects.map((reject) => [Number(reject['source_row']), reject['xf_name'], reject['code']]),
    [[0, null, 'timed_out']],
  );
  const products = await readParquet(join(folder, 'out', 'products.parquet'));
  t.deepEqual(
    products.map((product) => [Number(product['source_row']), product['xf_name']]),
    [
      [1, 'A'],
      [1, 'B'],
    ],
  );
});

test.serial('a row of --skip-rows is rejected and never reaches RDKit', async (t) => {
  const folder = temporaryFolder(t);
  const smiles = await sampleSmiles();
  const input = await writeLibrary(folder, 'library', smiles);
  const args = jobArguments(
    folder,
    '-i',
    input,
    '--no-isolate',
    '--json',
    '--skip-rows',
    `${GUILTY},3`,
    '--skip-rows',
    '0',
  );
  const ended = await xform(args, { env: crashAt(t, `abort:${smiles[GUILTY]}`) });
  t.is(ended.status, 0, ended.stderr);
  const rejects = await readParquet(join(folder, 'out', 'rejects.parquet'));
  t.deepEqual(
    rejects.map((reject) => [Number(reject['source_row']), reject['stage'], reject['code'], reject['source_smiles']]),
    [0, 3, GUILTY].map((row) => [row, 'input', 'skipped', smiles[row]]),
  );
  t.deepEqual(summaryOf(ended).options['skip_rows'], [0, 3, GUILTY]);
  const beyond = await xform(jobArguments(folder, '-i', input, '--force', '--skip-rows', `${smiles.length}`));
  t.is(beyond.status, 2);
  t.regex(beyond.stderr, new RegExp(`--skip-rows: there is no row ${smiles.length} in the library`));
});

test.serial('kill -9 of the child costs only time', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  let killed = 0;
  const ended = await xform(jobArguments(folder, '-i', input, '--progress', 'json', '--json'), {
    onStderr(text, parent) {
      if (killed > 0 || !/"rows":[1-9]/.test(text)) return;
      killed = childrenOf(Number(parent.pid))[0] ?? 0;
      process.kill(killed, 'SIGKILL');
    },
  });
  t.is(ended.status, 0, ended.stderr);
  const summary = summaryOf(ended);
  t.like(summary, {
    total_input: LONG,
    rows_resumed: 0,
    rejected_rows: 0,
    restarts: { total: 1, reasons: { SIGKILL: 1 } },
  });
  t.regex(ended.stderr, /warning: .* restarted once \(SIGKILL 1x\)/);
  const seconds = [...ended.stderr.matchAll(/"elapsed_seconds":([\d.]+)/g)].map(([, elapsed]) => Number(elapsed));
  t.deepEqual(
    seconds,
    [...seconds].sort((a, b) => a - b),
    'the time is that of the run, not of its last process',
  );
  t.true(summary.elapsed_seconds >= Number(seconds.at(-1)));
  const unbroken = await apply(job(folder, { input, outdir: join(folder, 'unbroken') }));
  t.is(summary.files.products.sha256, unbroken.files.products.sha256);
});

test.serial('kill -9 of the child that tries a row alone does not reject the row', async (t) => {
  const folder = temporaryFolder(t);
  const out = join(folder, 'out');
  const smiles = await sampleSmiles();
  const input = await writeLibrary(folder, 'library', smiles);
  const inHand = (name: string) => rowInHand(join(out, '.xform-native', 'in-hand', name)) === GUILTY;
  let begun = false;
  const ended = await xform(jobArguments(folder, '-i', input, '--mol-timeout', 'none', '--workers', '1'), {
    env: crashAt(t, `spin:${smiles[GUILTY]}`),
    async onStderr(_, parent) {
      if (begun) return;
      begun = true;
      const pid = Number(parent.pid);
      await until(() => inHand('0'));
      const [first] = childrenOf(pid);
      process.kill(Number(first), 'SIGSEGV');
      await until(() => inHand('try'));
      const [second] = childrenOf(pid);
      process.kill(Number(second), 'SIGKILL');
      await until(() => childrenOf(pid).some((child) => child !== second) && inHand('0') && !inHand('try'));
      t.false(existsSync(join(out, '.xform-native', 'quarantine.jsonl')));
      parent.kill('SIGTERM');
    },
  });
  t.is(ended.status, 143, ended.stderr);
});

const inGroup = ControlGroup.refusal() === undefined ? test.serial : test.serial.skip;

inGroup('if a molecule needs more memory than there is, only that molecule is lost', async (t) => {
  const folder = temporaryFolder(t);
  const smiles = await sampleSmiles();
  const input = await writeLibrary(folder, 'library', smiles);
  const group = ControlGroup.create(t, 512 * 2 ** 20);
  const command = [process.execPath, main, ...jobArguments(folder, '-i', input, '--json', '--workers', '2')];
  const ended = await run(...group.enter(command), { env: crashAt(t, `hog:${smiles[GUILTY]}`) });
  t.is(ended.status, 0, ended.stderr);
  const rejects = await readParquet(join(folder, 'out', 'rejects.parquet'));
  t.deepEqual(
    rejects.map((reject) => [Number(reject['source_row']), reject['code']]),
    [[GUILTY, 'out_of_memory']],
  );
  t.like(summaryOf(ended), {
    rejected_rows: 1,
    quarantined: { crashed: 0, timed_out: 0, out_of_memory: 1 },
    restarts: { total: 1, reasons: { out_of_memory: 1 } },
  });
  t.is(group.kills(), 3, 'in company, and alone twice');
});

test('a child that gets no threads from the system is an error that shows the limits', async (t) => {
  const script = `
    const { supervise } = require(${JSON.stringify(join(root, 'dist', 'isolation', 'supervisor.js'))});
    const { superviseMolecules } = require(${JSON.stringify(join(root, 'dist', 'isolation', 'molecules.js'))});
    const run = { options: { outdir: ${JSON.stringify(temporaryFolder(t))} }, molTimeoutSeconds: 1 };
    const tell = ({ code, message }) => console.log(code, message);
    supervise(run, {}, { startLimitMs: 500 })
      .catch(tell)
      .then(() => superviseMolecules({ smiles: ['C'], molTimeoutSeconds: 1 }, undefined, 500))
      .catch(tell);
  `;
  const limit = 11;
  const command = withProcesses(t, limit, [process.execPath, '-e', script]);
  if (!command) {
    t.pass('this machine gives us no control group');
    return;
  }
  const ended = await run(...command);
  const line = `XFORM_SYSTEM_LIMIT cannot start a process for RDKit: .*pids.max ${limit}\\b.*\n`;
  t.regex(ended.stdout, new RegExp(`^(${line}){2}$`), ended.stderr);
});

test.serial('several fatal molecules of several transforms are found one after the other', async (t) => {
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

test.serial('without isolation, the process dies', async (t) => {
  const folder = temporaryFolder(t);
  const smiles = await sampleSmiles();
  const env = crashAt(t, `abort:${smiles[GUILTY]}`);
  const ended = await xform(jobArguments(folder, '--no-isolate'), { env });
  t.is(ended.signal, 'SIGABRT');
  t.deepEqual(finalFiles(join(folder, 'out')), []);
});

for (const [death, { code, reason }] of Object.entries(deaths)) {
  test.serial(`${death}: a known molecule is ${code}, and the run is as if its row were not a molecule`, async (t) => {
    const folder = temporaryFolder(t);
    const known = [...(await sampleSmiles()), KNOWN_PRODUCT];
    const guilty = known[GUILTY] as string;
    const exclude = await writeLibrary(folder, 'known', known);
    const env = crashAt(t, `${death}:${guilty}`);
    const ended = await xform(knownArguments(folder, exclude, '--mol-timeout', '1s'), { env });
    t.is(ended.status, 0, ended.stderr);
    const summary = summaryOf(ended);
    t.like(summary, {
      rejected_rows: 0,
      sums: { known: 1 },
      quarantined: { crashed: 0, timed_out: 0, out_of_memory: 0 },
      restarts: { total: 1, reasons: { [reason]: 1 } },
    });
    const [file] = summary.known_files ?? [];
    t.like(file, { molecules: known.length, unreadable: 1 });
    t.deepEqual(file?.quarantined_rows, [{ row: GUILTY, code }]);
    const warning = summary.warnings.find((text) => text.startsWith(`1 of ${known.length} molecules in ${exclude} `));
    t.regex(String(warning), new RegExp(`of these, 1 .*; the first is row ${GUILTY}, `));
    t.true(ended.stderr.includes(String(warning)));
    t.deepEqual(readdirSync(join(folder, 'out')).sort(), ['SUMMARY.json', 'products.parquet', 'rejects.parquet']);

    const again = await xform(knownArguments(folder, exclude, '--mol-timeout', '1s', '--force', '--workers', '1'), {
      env,
    });
    t.deepEqual(summaryOf(again).files, summary.files, 'the same bytes');

    const others = known.map((smiles, row) => (row === GUILTY ? 'not a molecule' : smiles));
    const without = await xform(knownArguments(folder, await writeLibrary(folder, 'others', others), '--force'));
    t.like(summaryOf(without), { sums: summary.sums });
    t.is(summaryOf(without).known_files?.[0]?.distinct, file?.distinct);
  });
}

test.serial('a known molecule and a row that crash are found one after the other', async (t) => {
  const folder = temporaryFolder(t);
  const known = await sampleSmiles();
  const exclude = await writeLibrary(folder, 'known', known);
  const env = crashAt(t, `segv:${known[GUILTY]};abort:${known[3]};abort:${PHENOL}`);
  const ended = await xform(knownArguments(folder, exclude), { env });
  t.is(ended.status, 0, ended.stderr);
  t.like(summaryOf(ended), {
    rejected_rows: 1,
    quarantined: { crashed: 1, timed_out: 0, out_of_memory: 0 },
    restarts: { total: 3, reasons: { SIGABRT: 2, SIGSEGV: 1 } },
  });
  const rows = [3, GUILTY].map((row) => ({ row, code: 'crashed' }));
  t.deepEqual(summaryOf(ended).known_files?.[0]?.quarantined_rows, rows);
});

test.serial('kill -9 while known molecules are read costs only time, and --resume keeps the quarantine', async (t) => {
  const folder = temporaryFolder(t);
  const known = [...(await sampleSmiles()), KNOWN_PRODUCT];
  const exclude = await writeLibrary(folder, 'known', known);
  const [crashes, spins] = [10, GUILTY];
  const work = join(folder, 'out', '.xform-native');
  const quarantines = () => readdirSync(work).filter((name) => name.endsWith('.quarantine.jsonl'));
  const args = knownArguments(folder, exclude, '--mol-timeout', 'none', '--workers', '1');
  let begun = false;
  const killed = await xform([...args, '--progress', 'json'], {
    env: crashAt(t, `abort:${known[crashes]};spin:${known[spins]}`),
    async onStderr(_, parent) {
      if (begun) return;
      begun = true;
      const pid = Number(parent.pid);
      await until(() => isInHand(join(folder, 'out'), spins));
      t.is(quarantines().length, 1);
      const [first] = childrenOf(pid);
      process.kill(Number(first), 'SIGKILL');
      await until(() => childrenOf(pid).some((child) => child !== first) && isInHand(join(folder, 'out'), spins));
      const children = childrenOf(pid);
      parent.kill('SIGKILL');
      await until(() => !children.some(isAlive));
    },
  });
  t.is(killed.signal, 'SIGKILL');
  t.true(begun);
  const resumed = await xform([...args, '--resume'], { env: crashAt(t, `abort:${known[crashes]}`) });
  t.is(resumed.status, 0, resumed.stderr);
  const summary = summaryOf(resumed);
  t.like(summary, { sums: { known: 1 }, restarts: { total: 0 } });
  t.deepEqual(summary.known_files?.[0]?.quarantined_rows, [{ row: crashes, code: 'crashed' }]);
  const unbroken = await xform([...args, '--force'], { env: crashAt(t, `abort:${known[crashes]}`) });
  t.deepEqual(summaryOf(unbroken).files, summary.files);
});

inGroup('if a known molecule needs more memory than there is, only that molecule is lost', async (t) => {
  const folder = temporaryFolder(t);
  const known = await sampleSmiles();
  const exclude = await writeLibrary(folder, 'known', known);
  const group = ControlGroup.create(t, 512 * 2 ** 20);
  const command = [process.execPath, main, ...knownArguments(folder, exclude, '--workers', '2')];
  const ended = await run(...group.enter(command), { env: crashAt(t, `hog:${known[GUILTY]}`) });
  t.is(ended.status, 0, ended.stderr);
  const summary = summaryOf(ended);
  t.deepEqual(summary.known_files?.[0]?.quarantined_rows, [{ row: GUILTY, code: 'out_of_memory' }]);
  t.like(summary, { restarts: { total: 1, reasons: { out_of_memory: 1 } } });
  t.true(summary.warnings.some((warning) => warning.includes('1 ran out of memory even when tried alone')));
  t.is(group.kills(), 3, 'in company, and alone twice');
});

test.serial('without isolation, a known molecule ends the process', async (t) => {
  const folder = temporaryFolder(t);
  const known = await sampleSmiles();
  const exclude = await writeLibrary(folder, 'known', known);
  const ended = await xform(knownArguments(folder, exclude, '--no-isolate'), {
    env: crashAt(t, `abort:${known[GUILTY]}`),
  });
  t.is(ended.signal, 'SIGABRT');
  t.deepEqual(finalFiles(join(folder, 'out')), []);
});

test.serial('the products equal those of a run without a child', async (t) => {
  const folder = temporaryFolder(t);
  const here = await apply(job(folder));
  const isolated = await apply(job(folder, { isolate: true, force: true }));
  t.deepEqual(isolated.files, here.files);
});

test.serial('a child whose parent is killed exits without finishing the run', async (t) => {
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

test.serial('Ctrl-C gives exit status 130, and --resume then gives the same bytes', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  const args = (...more: string[]) => jobArguments(folder, '-i', input, '--xf-name', OME, '--json', ...more);
  let sentAt = 0;
  const ended = await xform(args('--workers', '1', '--progress', 'json'), {
    detached: true,
    onStderr(text, parent) {
      if (sentAt > 0 || !/"rows":[1-9]/.test(text)) return;
      sentAt = performance.now();
      // A terminal sends the signal to the whole group, including the child.
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
  // After only the first signal, the child, which does not stop, would be killed after a grace period and the status be
  // 143.
  t.is(ended.status, 130, ended.stderr);
  t.is(children.length, 1);
  await until(() => !children.some(isAlive));
  t.deepEqual(finalFiles(join(folder, 'out')), []);
});

const PHENOL = 'Oc1ccccc1C';
/** A product of {@link PHENOL}. */
const KNOWN_PRODUCT = 'COc1ccccc1C';

/** A run over two phenols, one of whose products may be known. */
function knownArguments(folder: string, exclude: string, ...more: string[]): string[] {
  const input = writeSmiles(folder, [PHENOL, 'Oc1ccccc1CC']);
  return jobArguments(folder, '-i', input, '--xf-name', OME, '--exclude', exclude, '--json', ...more);
}

async function sampleSmiles(): Promise<string[]> {
  return (await readParquet(plants)).map((row) => row['smiles'] as string);
}

function writeLibrary(folder: string, name: string, smiles: string[]): Promise<string> {
  return writeParquet(join(folder, `${name}.parquet`), [{ name: 'smiles', data: smiles }]);
}

/** A product from a library without `row`, as it is in the library with that row. */
function shiftedFrom(row: number, product: Row): Row {
  const before = product['source_row'] as bigint;
  const source_row = before >= BigInt(row) ? before + 1n : before;
  const product_id = String(product['product_id']).replace(`row:${before}:`, `row:${source_row}:`);
  return { ...product, source_row, product_id };
}

/** Whether a worker of a run into `outdir` is processing `row`. */
function isInHand(outdir: string, row: number): boolean {
  const folder = join(outdir, '.xform-native', 'in-hand');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.some((file) => rowInHand(join(folder, file)) === row);
}

/** Whether a signal that was sent to `pid` has not arrived yet. */
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
    // A process that has exited and that its parent has not waited for is a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
