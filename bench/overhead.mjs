// The cost of a run besides chemistry (npm run bench:overhead): start-up, and the share of writing and deduplication;
// writes bench/results/overhead.md.
//
//   node bench/overhead.mjs [--rounds N] [--rows N] [--data DIR] [--out DIR]
//
// --rounds  timed runs of each (11)
// --rows    for the shares, at most this many rows of a library, evenly spread (50000)
// --data    folder of the development libraries (../shared/data); without it, examples/plants-1k.parquet is used
// --out     folder of the report (bench/results)
//
// Start-up is the time from exec to the end of a run over a library of one row, when its files are synced and have
// their final names. The first committed row comes before that, so this is an upper bound. Shares are CPU times of
// threads by name, read from outside.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { CONFIG, measureApply, mustBeBuilt, OME, readSummary } from './lib/cli.mjs';
import { cutLibrary, findLibraries, readDistinct } from './lib/libraries.mjs';
import { measure } from './lib/measure.mjs';
import { conditions, median, table, thousands, verdict } from './lib/report.mjs';
import { interleave } from './lib/rounds.mjs';
import { watchThreads } from './lib/thread-times.mjs';

const SHARE = 0.05;
const WRITING = ['commit', 'encode'];
const THREADS = ['worker', ...WRITING, 'reader', 'hash', 'watch'];
const API = join(root, 'dist', 'index.js');

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '11' },
    rows: { type: 'string', default: '50000' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});

await main(async () => {
  mustBeBuilt();
  await withScratch('overhead', async (scratch) => {
    const starts = await startUps(scratch);
    const shares = [];
    for (const library of findLibraries(options.data)) shares.push(await share(library, scratch));
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'overhead.md'), markdown(starts, shares));
    console.log(`\nWritten: ${join(options.out, 'overhead.md')}`);
    process.exitCode = [...starts, ...shares].every(({ passed }) => passed) ? 0 : 1;
  });
});

/** Seconds of a run of one row: the command with its supervisor, without it, and the API in a separate process. */
async function startUps(scratch) {
  const [example] = findLibraries(options.data);
  const { parquet } = cutLibrary(await readDistinct(example.path), 1, scratch, 'one-row');
  const outdir = join(scratch, 'one');
  const command = (flags) => async () =>
    (await measureApply(parquet, outdir, ['--xf-name', OME, ...flags], { watch: false })).seconds;
  const entries = [
    { title: 'command, supervisor and child', goal: 0.25, run: command([]) },
    { title: 'command, `--no-isolate`', goal: 0.15, run: command(['--no-isolate']) },
    { title: 'API, in process', goal: 0.15, run: () => runApi(parquet, outdir) },
    {
      title: 'node alone, for comparison',
      run: async () => (await measure(process.execPath, ['-e', '0'], { watch: false })).seconds,
    },
  ];
  await interleave(entries, Number(options.rounds), (entry) => entry.run());
  return entries.map(({ title, goal, runs }) => {
    const seconds = median(runs);
    return { title, goal, seconds, range: [Math.min(...runs), Math.max(...runs)], passed: !(seconds >= goal) };
  });
}

async function runApi(input, outdir) {
  rmSync(outdir, { recursive: true, force: true });
  const asked = { input, outdir, xfConfig: CONFIG, xfName: OME, isolate: false };
  const program = `require(${JSON.stringify(API)}).apply(${JSON.stringify(asked)})`;
  return (await measure(process.execPath, ['-e', program], { watch: false })).seconds;
}

/** CPU time by thread during one run of a library, and the share of the two threads that judge and write products. */
async function share({ key, path }, scratch) {
  const library = cutLibrary(await readDistinct(path), Number(options.rows), scratch, key);
  const outdir = join(scratch, 'out');
  const entry = {};
  await interleave([entry], Math.ceil(Number(options.rounds) / 4), async () => {
    let threads;
    const onStart = (child) => {
      threads = watchThreads(child.pid);
    };
    await measureApply(library.parquet, outdir, ['--xf-name', OME], { watch: false, onStart });
    return threads.stop();
  });
  const of = (name) => median(entry.runs.map((times) => times.get(name) ?? 0));
  const sum = median(entry.runs.map((times) => [...times.values()].reduce((total, seconds) => total + seconds, 0)));
  const threads = THREADS.map((name) => of(`xform-${name}`));
  const rest = sum - threads.reduce((total, seconds) => total + seconds, 0);
  const writing = WRITING.reduce((total, name) => total + of(`xform-${name}`), 0);
  return {
    key,
    rows: library.rows,
    sum,
    shares: [...threads, rest, writing].map((seconds) => seconds / sum),
    passed: writing / sum < SHARE,
    summary: readSummary(outdir),
  };
}

function markdown(starts, shares) {
  const startRows = starts.map(({ title, goal, seconds, range, passed }) => [
    title,
    seconds.toFixed(3),
    range.map((value) => value.toFixed(3)).join('-'),
    goal === undefined ? '' : `< ${goal}`,
    goal === undefined ? '' : verdict(passed),
  ]);
  const shareRows = shares.map((each) => [
    each.key,
    thousands(each.rows),
    each.sum.toFixed(2),
    ...each.shares.map((part) => `${(100 * part).toFixed(1)} %`),
    verdict(each.passed),
  ]);
  return `# Overhead

Written by \`npm run bench:overhead\`: \`${OME}\`, exact deduplication.

${conditions(shares[0].summary)}

## Start-up

From exec to the end of a run of one row, when its files are synced and have their final names: an upper bound for the time to
the first committed row. Seconds, medians of ${options.rounds} runs in turn, with the range.

${table(['', 's', 'range', 'goal', ''], startRows)}

## Writing and deduplication

CPU time of each thread, read from outside. \`commit\` is the thread that judges products, writes them and closes the run;
\`encode\` encodes and compresses; \`hash\` hashes the input, \`watch\` samples the memory. Goal: \`${WRITING.join(' + ')}\` below
${100 * SHARE} % of the run.

${table(['library', 'rows', 'CPU s', ...THREADS, 'Node and the rest', WRITING.join(' + '), ''], shareRows)}
`;
}
