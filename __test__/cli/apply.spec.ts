// The command: flags, streams, exit status, signals. Each run has its own process and folder.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import type { CheckReport, Progress, Summary } from 'xform-native';
import {
  config,
  type Failed,
  finalFiles,
  jobArguments,
  LONG,
  main,
  OME,
  plants,
  run,
  SOON,
  summaryOf,
  temporaryFolder,
  unwrapped,
  writeLargeLibrary,
  writeParquet,
  writeSmiles,
  xform,
} from '../util';

const GLUCOSE = 'OCC1OC(O)C(O)C(O)C1O';

test('the predecessor’s command line works word for word', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'configs'));
  symlinkSync(config, join(folder, 'configs', 'transforms.yaml'));
  symlinkSync(plants, join(folder, 'L.parquet'));
  const line =
    'apply --input L.parquet --outdir OUT --xf-config configs/transforms.yaml ' +
    '--xf-name FG_PHENOL_OH__OH__TO__OMe --use-bloom-filter --workers 16 --target-memory 70.0 --max-in-flight 4';
  const ended = await xform(line.split(' '), { cwd: folder });
  t.is(ended.status, 0, ended.stderr);
  const summary = JSON.parse(readFileSync(join(folder, 'OUT', 'SUMMARY.json'), 'utf8')) as Summary;
  t.like(summary, {
    total_input: 1000,
    total_products: 944,
    dedup: { mode: 'bloom' },
    options: { workers: 16, max_in_flight: 4, target_memory: { percent: 70 }, xf_names: [OME] },
  });
  t.true(summary.unique_products <= 939);
});

test('the table goes to stdout, the chosen columns and all other messages to stderr', async (t) => {
  const folder = temporaryFolder(t);
  const { status, stdout, stderr } = await xform(jobArguments(folder));
  t.is(status, 0, stderr);
  t.regex(
    unwrapped(stdout),
    /^rows +1,000 = 380 with products \+ 620 without a site \+ 0 with all sites excluded \+ 0 rejected$/m,
  );
  t.regex(stdout, /^results +981 = 944 products \+ 37 repeated in their molecule \+ 0 failed$/m);
  t.regex(stdout, /^products +944 = 939 unique \+ 5 duplicates$/m);
  for (const name of ['products.parquet', 'rejects.parquet', 'SUMMARY.json']) {
    t.true(stdout.includes(join(folder, 'out', name)), name);
  }
  const [plan, ...others] = stderr.trimEnd().split('\n');
  t.is(plan, `${OME} on 1,000 rows; SMILES from "smiles", id from "coconut_id"`);
  t.deepEqual(others, []);
});

test('several transforms have one line each, and a total that counts each row once', async (t) => {
  const folder = temporaryFolder(t);
  const { status, stdout, stderr } = await xform(jobArguments(folder, '--xf-name', 'R3_F', '--xf-name', OME, '--json'));
  t.is(status, 0, stderr);
  t.deepEqual(JSON.parse(stdout).transform, [OME, 'R3_F']);
  const table = await xform(jobArguments(folder, '--xf-name', 'all', '--force'));
  t.is(table.status, 0, table.stderr);
  const lines = table.stdout.split('\n');
  t.regex(lines[0] ?? '', /^transform +with +rejected +failed +products +unique$/);
  t.is(lines[1]?.trim(), 'products');
  t.regex(lines[2] ?? '', new RegExp(`^${OME} +380 +0 +0 +944 +939$`));
  t.is(lines[35], '(no room for: sites, excluded, duplicates; --json has all)');
  t.is(lines.filter((line) => /^(FG|RING|R3|R4|COOH|ALPHA|PRIMARY)_/.test(line)).length, 32);
  t.regex(lines[34] ?? '', /^all, of 1,000 rows /);
});

test('--json prints the summary as a single object', async (t) => {
  const folder = temporaryFolder(t);
  const ended = await xform(jobArguments(folder, '--json'));
  t.is(ended.status, 0, ended.stderr);
  t.deepEqual(summaryOf(ended), JSON.parse(readFileSync(join(folder, 'out', 'SUMMARY.json'), 'utf8')));
  t.is(ended.stdout.trimEnd().split('\n').length, 1);
});

test('--quiet prints nothing if all is well, but still prints warnings', async (t) => {
  const folder = temporaryFolder(t);
  const ended = await xform(jobArguments(folder, '--quiet'));
  t.deepEqual(ended, { status: 0, signal: null, stdout: '', stderr: '' });
  const input = writeSmiles(folder, ['CC']);
  const warned = await xform(jobArguments(folder, '-i', input, '--quiet', '--force'));
  t.is(warned.status, 0);
  t.is(warned.stdout, '');
  t.regex(warned.stderr, /^warning: .*found no site.*\n$/);
});

test('a flag without effect is named', async (t) => {
  const folder = temporaryFolder(t);
  const { status, stderr } = await xform(jobArguments(folder, '--dry-run', '--bloom-fp-rate', '0.5'));
  t.is(status, 0);
  t.is(stderr, 'warning: --bloom-fp-rate has no effect without --dedup bloom\n');
});

test('--dry-run checks and writes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const { status, stdout, stderr } = await xform(jobArguments(folder, '--dry-run', '--xf-name', 'all'));
  t.is(status, 0, stderr);
  t.true(stdout.includes('nothing was written') && stdout.includes('1,000 rows'));
  t.true(stdout.includes('RING_SP3__CH__TO__I'));
  const json = await xform(jobArguments(folder, '--dry-run', '--json'));
  t.like(JSON.parse(json.stdout) as CheckReport, { rows: 1000, transforms: [OME] });
  const bad = await xform(jobArguments(folder, '--dry-run', '--smiles-column', 'nope', '--json'));
  t.is(bad.status, 2);
  t.is((JSON.parse(bad.stdout) as Failed).error.code, 'XFORM_INPUT_COLUMN');
  t.deepEqual(readdirSync(folder), []);
});

test('each flag that shapes the result reaches the core', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeParquet(join(folder, 'library.parquet'), [
    { name: 'structure', data: ['Oc1ccccc1O', GLUCOSE, 'not a molecule'] },
    { name: 'name', data: ['catechol', 'glucose', 'none'] },
    { name: 'a', data: ['1', '2', '3'] },
    { name: 'b', data: ['4', '5', '6'] },
  ]);
  const flags = [
    ...['-i', input, '--smiles-column', 'structure', '--id-column', 'name'],
    ...['--keep-columns', 'a', '--keep-columns', 'b'],
    ...['--xf-name', 'R3_F', '--no-exclude-sugar-like', '--dedup', 'none'],
    ...['--max-rejects', '1', '--batch-size', '10', '--workers', '1', '--max-in-flight', '3'],
    ...['--flush-interval', '5', '--target-memory', '1.5GiB', '--scratch', join(folder, 'scratch')],
    ...['--max-atoms', '100', '--max-products-per-mol', '50', '--json'],
  ];
  const ended = await xform(jobArguments(folder, ...flags, '--max-sites', '2'));
  t.is(ended.status, 0, ended.stderr);
  const summary = summaryOf(ended);
  t.like(summary, {
    columns: { smiles: 'structure', id: 'name', kept: ['source_a', 'source_b'] },
    rejected_rows: 1,
    dedup: { mode: 'none' },
    memory: { target_bytes: 1.5 * 2 ** 30 },
    options: {
      max_sites: 2,
      exclude_sugar_like: false,
      max_rejects: 1,
      batch_size: 10,
      workers: 1,
      max_in_flight: 3,
      flush_interval: 5,
      scratch: join(folder, 'scratch'),
      max_atoms: 100,
      max_products_per_mol: 50,
      isolate: true,
    },
  });
  t.is(summary.sums.sites_excluded_sugar, 0);
  // Both transforms, because the flag was given twice. Of glucose's five sites of R3_F, two are used.
  t.like(summary.transforms[1], { name: 'R3_F', sums: { sites: 7, sites_excluded_limit: 3 } });

  const all = await xform(jobArguments(folder, ...flags.slice(0, 4), '--keep-columns', 'all', '--json', '--force'));
  t.deepEqual(summaryOf(all).columns.kept, ['source_name', 'source_a', 'source_b']);
  const sugar = await xform(jobArguments(folder, ...flags, '--exclude-sugar-like', '--max-sites', '-1', '--force'));
  t.is(summaryOf(sugar).transforms[1]?.sums.sites_excluded_sugar, 5);
  const bloom = ['--use-bloom-filter', '--bloom-expected-items', '1000', '--bloom-fp-rate', '0.01'];
  const filtered = await xform(
    jobArguments(folder, ...flags.slice(0, 4), ...bloom, '--dedup', 'bloom', '--json', '--force'),
  );
  t.like(summaryOf(filtered).dedup.bloom, { expected_items: 1000, fp_rate: 0.01 });
});

test('resuming a finished run reports that nothing was run', async (t) => {
  const folder = temporaryFolder(t);
  const first = await xform(jobArguments(folder));
  t.is(first.status, 0, first.stderr);
  const resumed = await xform(jobArguments(folder, '--resume'));
  t.is(resumed.status, 0, resumed.stderr);
  t.regex(resumed.stdout, /^Nothing was run: .* had already finished/);
  t.true(resumed.stdout.endsWith(first.stdout), 'the table is that of the run');
  t.true(summaryOf(await xform(jobArguments(folder, '--resume', '--json'))).already_finished);

  writeFileSync(join(folder, 'out', 'products.parquet'), 'damaged');
  const refused = await xform(jobArguments(folder, '--resume'));
  t.is(refused.status, 2);
  t.regex(refused.stderr, /products\.parquet has 7 bytes, but \d+ were written; use --force/);
});

test('more rejected rows than --max-rejects give exit status 3, with all files written', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, ['Oc1ccccc1', 'x', 'y']);
  const two = await xform(jobArguments(folder, '-i', input, '--max-rejects', '2'));
  t.is(two.status, 0, two.stderr);
  const one = await xform(jobArguments(folder, '-i', input, '--max-rejects', '1', '--json', '--force'));
  t.is(one.status, 3);
  t.is(summaryOf(one).rejected_rows, 2);
  t.regex(one.stderr, /error: 2 rows were rejected, more than --max-rejects 1; see .*rejects\.parquet$/m);
  t.is(finalFiles(join(folder, 'out')).length, 3);
});

const usageErrors: [what: string, args: string[], message: RegExp][] = [
  ['an unknown flag', ['--max-site', '1'], /unknown option '--max-site'\s+\(Did you mean --max-sites\?\)/],
  ['a flag without its value', ['--workers'], /argument missing/],
  ['a number that is none', ['--workers', 'many'], /'--workers <n>' argument 'many' is invalid/],
  ['a fraction of a row', ['--batch-size', '1.5'], /'--batch-size <rows>' argument '1.5' is invalid/],
  ['a rate that is none', ['--bloom-fp-rate', 'x'], /--bloom-fp-rate/],
  ['a value out of range', ['--workers', '0'], /--workers: must be at least 1/],
  ['an unknown choice', ['--dedup', 'fuzzy'], /Allowed choices are exact, bloom, none/],
  ['an unknown way to show progress', ['--progress', 'loud'], /Allowed choices are auto, bar, json, none/],
  ['two words on deduplication', ['--use-bloom-filter', '--dedup', 'exact'], /--use-bloom-filter: is the same as/],
  ['memory that is none', ['--target-memory', '2 moons'], /--target-memory/],
  ['a time that is none', ['--mol-timeout', '2 moons'], /'--mol-timeout <time>' argument '2 moons' is invalid/],
  ['a time limit that nobody keeps', ['--no-isolate', '--mol-timeout', '2s'], /--mol-timeout: needs --isolate/],
  ['a limit of no atom', ['--max-atoms', '0'], /--max-atoms: must be at least 1/],
  [
    'two words on an earlier run',
    ['--force', '--resume'],
    /--resume: cannot be combined with --force: --resume continues a run/,
  ],
  ['all columns and one', ['--keep-columns', 'all', '--keep-columns', 'a'], /argument 'a' is invalid\. Take all, or/],
  ['an argument too many', ['more'], /too many arguments/],
];

for (const [what, args, message] of usageErrors) {
  test(`${what} is exit status 2`, async (t) => {
    const folder = temporaryFolder(t);
    const ended = await xform(jobArguments(folder, '--json', ...args));
    t.is(ended.status, 2);
    t.regex(ended.stderr, message);
    t.regex(ended.stderr, /^error: /);
    t.is((JSON.parse(ended.stdout) as Failed).error.code, 'XFORM_INVALID_OPTION');
    t.deepEqual(readdirSync(folder), []);
  });
}

test('a missing required flag gives exit status 2 and is named', async (t) => {
  for (const flag of ['--input', '--outdir', '--xf-config', '--xf-name']) {
    const given = { '--input': plants, '--outdir': 'out', '--xf-config': config, '--xf-name': OME };
    const args = Object.entries(given).filter(([name]) => name !== flag);
    const ended = await xform(['apply', ...args.flat()]);
    t.is(ended.status, 2);
    t.true(ended.stderr.startsWith(`error: ${flag}: `), ended.stderr);
  }
});

test('help and version succeed; a command is required', async (t) => {
  const help = await xform(['apply', '--help']);
  t.is(help.status, 0);
  const groups = help.stdout.match(/^[A-Z].*:$/gm);
  t.deepEqual(groups, [
    'Input:',
    'Transforms:',
    'Properties:',
    'Filter:',
    'Known molecules:',
    'Deduplication:',
    'Limits:',
    'Speed (none of these changes the output):',
    'Output:',
    'Exit status:',
    'Examples:',
  ]);
  const version = await xform(['--version']);
  t.regex(version.stdout, /^\d+\.\d+\.\d+\n$/);
  t.is((await xform([])).status, 2);
  const unknown = await xform(['appy']);
  t.is(unknown.status, 2);
  t.regex(unknown.stderr, /Did you mean apply\?/);
});

test('each flag of apply appears in its group of the help', async (t) => {
  const { stdout } = await xform(['apply', '--help']);
  const group = (flag: string) =>
    stdout
      .slice(0, stdout.indexOf(`\n  ${flag} `))
      .match(/^[A-Z].*:$/gm)
      ?.at(-1);
  for (const flag of ['--max-atoms', '--max-products-per-mol', '--mol-timeout', '--isolate', '--no-isolate']) {
    t.is(group(flag), 'Limits:', flag);
  }
  for (const flag of ['--resume', '--scratch']) t.is(group(flag), 'Output:', flag);
});

test('without a child, the run is the same', async (t) => {
  const folder = temporaryFolder(t);
  const [here, isolated] = [['--no-isolate'], ['--isolate', '--force', '--mol-timeout', 'none']];
  const first = await xform(jobArguments(folder, ...here, '--json'));
  t.is(first.status, 0, first.stderr);
  const second = await xform(jobArguments(folder, ...isolated, '--json'));
  t.is(second.stderr, first.stderr);
  t.deepEqual(summaryOf(second).files, summaryOf(first).files);
});

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGUSR1', 138],
  ['SIGUSR2', 140],
] as const) {
  for (const isolation of ['--isolate', '--no-isolate']) {
    test.serial(`${signal} stops the run: exit status ${status}, no file (${isolation})`, async (t) => {
      const folder = temporaryFolder(t);
      const input = await writeLargeLibrary(folder, LONG);
      let sentAt = 0;
      const args = jobArguments(folder, '-i', input, isolation, '--workers', '1', '--progress', 'json', '--json');
      const ended = await xform(args, {
        detached: true,
        onStderr(text, child) {
          if (sentAt > 0 || !text.includes('"rows"')) return;
          sentAt = performance.now();
          // A terminal or a batch system sends the signal to all processes of the command.
          process.kill(-Number(child.pid), signal);
        },
      });
      t.is(ended.status, status, ended.stderr);
      t.true(performance.now() - sentAt < SOON);
      const { error } = JSON.parse(ended.stdout) as Failed;
      t.is(error.code, 'XFORM_CANCELLED');
      t.regex(error.message, /--resume/);
      t.notRegex(ended.stderr, /Debugger/);
      t.deepEqual(finalFiles(join(folder, 'out')), []);
    });
  }
}

test('SIGUSR1 outside a run ends the command, and opens no debugger', async (t) => {
  const folder = temporaryFolder(t);
  const preload = join(folder, 'preload.cjs');
  writeFileSync(
    preload,
    `process.once('beforeExit', () => {
      process.kill(process.pid, 'SIGUSR1');
      setTimeout(() => {}, 10_000);
    });`,
  );
  const ended = await xform(['verify', folder], { env: { NODE_OPTIONS: `--require ${preload}` } });
  t.is(ended.signal, 'SIGUSR1');
  t.is(ended.stderr, '');
});

test('--progress json prints one line per report on stderr', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 5000);
  const { status, stderr } = await xform(jobArguments(folder, '-i', input, '--progress', 'json', '--quiet'));
  t.is(status, 0, stderr);
  const seen = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Progress);
  t.true(seen.length >= 1);
  t.true(seen.every(({ rows_total }) => rows_total === 5000));
});

test('a reader that closes the pipe does not cause a failure', async (t) => {
  const folder = temporaryFolder(t);
  const child = spawn(process.execPath, [main, ...jobArguments(folder)], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  child.stderr.destroy();
  const status = await new Promise((done) => child.on('exit', done));
  t.is(status, 0);
  t.is(finalFiles(join(folder, 'out')).length, 3);
});

test('a terminal shows a bar, in colour unless NO_COLOR or TERM=dumb', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 5000);
  const esc = '\x1b';
  const onTerminal = (env: NodeJS.ProcessEnv) => {
    const command = [process.execPath, main, ...jobArguments(folder, '-i', input, '--force')];
    const quoted = command.map((word) => `'${word}'`).join(' ');
    // Node treats a terminal under CI as one without colours.
    const terminal = { CI: undefined, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
    return run('script', ['-qec', quoted, '/dev/null'], { env: { ...terminal, ...env } });
  };
  const plain = await onTerminal({ NO_COLOR: '1' });
  t.is(plain.status, 0, plain.stdout);
  t.regex(plain.stdout, new RegExp(`\\r${esc}\\[K█*░* \\d+\\.\\d %  [\\d,]+/5,000 rows`));
  t.false(plain.stdout.includes(`${esc}[32m`));
  const colour = await onTerminal({});
  t.true(colour.stdout.includes(`${esc}[32m`) && colour.stdout.includes(`${esc}[1m`));
  const dumb = await onTerminal({ TERM: 'dumb' });
  t.false(dumb.stdout.includes(esc));
  t.true(dumb.stdout.includes('unique'));
});
