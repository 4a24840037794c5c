// What a dry run expects, compared with runs, and what it does if a molecule kills the process that tries it.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { apply, CancelledError, type CheckReport, check, type Expected, OptionError } from 'xform-native';
import { superviseCheck } from '../dist/isolation/check';
import type { RunOptions } from '../dist/options/arguments';
import type { Act } from './fixture/child';
import { crashAt, job, jobArguments, plants, readParquet, run, temporaryFolder, xform } from './util';

/** More rows than the library has. */
const ALL = 2_000;

/** The counts, without what depends on the machine. */
function counts({ rows, rows_with_sites, products, products_low, products_high }: Expected) {
  return { rows, rows_with_sites, products, products_low, products_high };
}

for (const isolate of [false, true]) {
  test(`a library that is tried whole has the counts of a run, isolate: ${isolate}`, async (t) => {
    const folder = temporaryFolder(t);
    const options = job(folder, { isolate, properties: 'quick', where: 'MW < 500', keepColumns: 'all' });
    const { expected } = await check(options, { sample: ALL });
    t.deepEqual(readdirSync(folder), []);
    const { stats, total_input, total_products, unique_products } = await apply(options);
    if (!expected) return t.fail('nothing is expected');
    t.deepEqual(counts(expected), {
      rows: total_input,
      rows_with_sites: stats.success + stats.all_sites_excluded,
      products: total_products,
      products_low: unique_products,
      products_high: unique_products,
    });
    t.like(expected.sample, { rows: 1_000, is_whole: true, is_cut: false, reads_all: false });
    t.true(expected.bytes > 0 && expected.seconds > 0 && expected.memory_bytes > 0);
  });
}

test('a sample depends on its seed, and not on the process or on the workers', async (t) => {
  const folder = temporaryFolder(t);
  const counted = async (changes: object, seed: number) => {
    const { expected } = await check(job(folder, changes), { sample: 300, seed });
    return expected ? [counts(expected), expected.sample.rows, expected.bytes] : [];
  };
  const first = await counted({ workers: 1 }, 3);
  t.deepEqual(await counted({ workers: 2, isolate: true }, 3), first);
  t.notDeepEqual(await counted({ workers: 1 }, 4), first);
});

test('without a sample nothing is expected, and details are checked', async (t) => {
  t.false('expected' in (await check(job('unused'))));
  t.false('expected' in (await check(job('unused'), { sample: 0, seed: 1 })));
  for (const detail of [{ sample: -1 }, { sample: 1.5 }, { seed: 'x' }, { signal: 1 }, { samples: 1 }]) {
    await t.throwsAsync(check(job('unused'), detail as object), { instanceOf: OptionError });
  }
  const signal = AbortSignal.abort(new Error('enough'));
  await t.throwsAsync(check(job('unused'), { sample: 10, signal }), { instanceOf: CancelledError });
});

test('the command tries a sample, and --sample 0 only checks', async (t) => {
  const folder = temporaryFolder(t);
  const { status, stdout, stderr } = await xform(jobArguments(folder, '--dry-run'));
  t.is(status, 0, stderr);
  t.regex(stdout, /What to expect:\n\nsample +all 1,000 rows, in [\d.]+ s\nwith a site +\d+ of 1,000 rows/);
  const json = await xform(jobArguments(folder, '--dry-run', '--json'));
  t.is((JSON.parse(json.stdout) as CheckReport).expected?.rows, 1_000);
  const checked = await xform(jobArguments(folder, '--dry-run', '--sample', '0'));
  t.false(checked.stdout.includes('expect'));
  const idle = await xform(jobArguments(folder, '--quiet', '--seed', '5'));
  t.is(idle.stderr, 'warning: --seed has no effect without --dry-run\n');
});

test('a folder that is in use, also by an export, is a warning', async (t) => {
  const folder = temporaryFolder(t);
  t.is((await xform(jobArguments(folder, '--quiet', '--format', 'csv'))).status, 0);
  const before = readdirSync(join(folder, 'out'));
  const { status, stderr } = await xform(jobArguments(folder, '--dry-run', '--format', 'csv'));
  t.is(status, 0);
  t.regex(stderr, /warning: .* already holds .*--force/);
  t.regex(stderr, /warning: .*products\.csv already exists/);
  t.deepEqual(readdirSync(join(folder, 'out')), before);
  const refused = await xform(jobArguments(folder, '--dry-run', '--sample', '0'));
  t.is(refused.status, 2);
});

test('of a stream nothing is expected', async (t) => {
  const folder = temporaryFolder(t);
  const args = jobArguments(folder, '-i', '/dev/stdin', '--dry-run', '--json');
  const shell = `printf 'Oc1ccccc1 a\\nCCO b\\n' | ${[process.execPath, ...xformWords(args)].map(quoted).join(' ')}`;
  const { status, stdout, stderr } = await run('sh', ['-c', shell]);
  t.is(status, 0, stderr);
  t.is((JSON.parse(stdout) as CheckReport).expected, null);
  t.regex(stderr, /the input is a stream/);
});

function xformWords(args: readonly string[]): string[] {
  return [join(__dirname, '..', 'dist', 'cli', 'main.js'), ...args];
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

test.serial('a molecule that crashes RDKit does not end the command', async (t) => {
  const folder = temporaryFolder(t);
  const guilty = (await readParquet(plants))[500]?.['smiles'] as string;
  const args = jobArguments(folder, '--dry-run', '--json');
  const { status, stdout, stderr } = await xform(args, { env: crashAt(t, `segv:${guilty}`) });
  t.is(status, 0, stderr);
  const report = JSON.parse(stdout) as CheckReport;
  t.is(report.expected, null);
  t.is(report.rows, 1_000);
  t.regex(stderr, /died of signal SIGSEGV while the sample was tried/);
  t.false(existsSync(join(folder, 'out')));
});

const report = { rows: 5, warnings: ['before'] } as unknown as CheckReport;
const expected = { products: 7 } as Expected;
const started: Act = { say: { kind: 'started', report } };

/** A check whose child acts out `acts`. */
function checkedBy(folder: string, acts: Act[]): Promise<CheckReport> {
  const options = { outdir: folder, resume: false, force: false } as RunOptions;
  const command = [process.execPath, join(__dirname, 'fixture', 'child.js'), JSON.stringify([acts])] as const;
  return superviseCheck({ options, detail: { explain: false, sample: 5, seed: 0 } }, undefined, command);
}

test('what was known before a child died is the result, with a warning', async (t) => {
  const died = await checkedBy(temporaryFolder(t), [
    started,
    { say: { kind: 'begun' } },
    { say: { kind: 'expected', expected } },
    { die: 'SIGABRT' },
  ]);
  t.deepEqual(died.expected, expected);
  t.like(died, { rows: 5, warnings: { 0: 'before' } });
  t.regex(died.warnings[1] ?? '', /SIGABRT.*what is expected follows from the rows before it/);
  const finished = await checkedBy(temporaryFolder(t), [
    started,
    { say: { kind: 'checked', report: { ...report, expected } } },
  ]);
  t.deepEqual(finished, { ...report, expected });
});

test('a child that dies before it has checked anything is an error', async (t) => {
  await t.throwsAsync(checkedBy(temporaryFolder(t), [{ die: 'SIGABRT' }]), { code: 'XFORM_CRASHED' });
});
