// Speed for different numbers of workers and batches in flight (npm run bench:scaling); writes bench/results/scaling.md
// and scaling.svg.
//
//   node bench/scaling.mjs [--rounds N] [--rows N] [--data DIR] [--library KEYS] [--out DIR]
//
// --rounds   timed runs of each (5)
// --rows     at most this many rows of a library, evenly spread (50000)
// --data     folder of the development libraries (../shared/data); without it, examples/plants-1k.parquet is used
// --library  only these libraries, separated by commas (plants,polyphenol-2X)
// --out      folder of the report (bench/results)
//
// The runs may use all cores of the machine. A batch is a thirtieth of the rows, so that the number in flight can
// matter. Two runs of one worker each at the same time, which share only the machine, show how much the machine can
// offer two workers: work on one core slows down memory, caches and clock of the other, and a run of one worker also
// has a reader and a commit thread.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { measureApply, mustBeBuilt, OME } from './lib/cli.mjs';
import { cutLibrary, findLibraries, readDistinct } from './lib/libraries.mjs';
import { conditions, mebibytes, median, table, thousands, verdict } from './lib/report.mjs';
import { interleave } from './lib/rounds.mjs';
import { figure, lines } from './lib/svg.mjs';

const CORES = availableParallelism();
const LIBRARIES = ['plants', 'polyphenol-2X', 'plants-1k'];
const BATCHES = 30;
const TWO_WORKERS = 1.85;
const TWO_IN_FLIGHT = 0.97;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '50000' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    library: { type: 'string', default: LIBRARIES.join(',') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});

await main(async () => {
  mustBeBuilt();
  await withScratch('scaling', async (scratch) => {
    const asked = options.library.split(',');
    const results = [];
    for (const library of findLibraries(options.data).filter(({ key }) => asked.includes(key)))
      results.push(await scale(library, scratch));
    const goals = results.flatMap(goalsOf);
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'scaling.svg'), plot(results));
    writeFileSync(join(options.out, 'scaling.md'), markdown(results, goals));
    console.log(`\nWritten: ${join(options.out, 'scaling.md')}`);
    process.exitCode = goals.every(({ passed }) => passed) ? 0 : 1;
  });
});

async function scale({ key, path }, scratch) {
  const library = cutLibrary(await readDistinct(path), Number(options.rows), scratch, key);
  const byWorkers = [1, 2, 4, 8, 16].map((workers) => ({ label: workers, flags: ['--workers', workers] }));
  const byFlight = [1, 2, 'default'].map((inFlight) => ({
    label: inFlight,
    flags: ['--workers', CORES, ...(inFlight === 'default' ? [] : ['--max-in-flight', inFlight])],
  }));
  const apart = { label: '1, two runs at once', flags: ['--workers', 1], together: 2 };
  const common = ['--xf-name', OME, '--batch-size', Math.max(1, Math.ceil(library.rows / BATCHES))];
  const run = async ({ label, flags, together = 1 }) => {
    const one = (_, index) =>
      measureApply(library.parquet, join(scratch, `out-${index}`), [...common, ...flags], { watch: false });
    const summaries = (await Promise.all(Array.from({ length: together }, one))).map(({ summary }) => summary);
    const rate = sum(summaries, ({ throughput_mol_per_sec }) => throughput_mol_per_sec);
    console.log(`${key}, ${flags.join(' ')} (${label}): ${thousands(rate)} rows/s`);
    return { rate, peakBytes: sum(summaries, ({ memory }) => memory.peak_bytes), summary: summaries[0] };
  };
  await interleave([...byWorkers, apart, ...byFlight], Number(options.rounds), run);
  return { key, rows: library.rows, byWorkers, apart, byFlight };
}

function sum(items, value) {
  return items.reduce((total, item) => total + value(item), 0);
}

/** How many times the rate of `base` an entry reaches, round by round. */
function ratios(entry, base) {
  return entry.runs.map(({ rate }, round) => rate / base.runs[round].rate);
}

function rateOf({ runs }) {
  return median(runs.map(({ rate }) => rate));
}

function goalsOf({ key, byWorkers: [one, two], apart, byFlight }) {
  const best = byFlight.reduce((fastest, entry) => (rateOf(entry) > rateOf(fastest) ? entry : fastest));
  const inFlight = median(ratios(byFlight[1], best));
  const flight = { text: `${key}: 2 in flight at least ${TWO_IN_FLIGHT} x the best`, value: inFlight };
  const goals = [{ ...flight, passed: inFlight >= TWO_IN_FLIGHT }];
  if (CORES === 1) return goals;
  const value = median(ratios(two, one));
  const machine = `two runs of one worker at the same time reach ${median(ratios(apart, one)).toFixed(2)} x`;
  const workers = { text: `${key}: two workers at least ${TWO_WORKERS} x one (${machine})`, value };
  return [{ ...workers, passed: value >= TWO_WORKERS }, ...goals];
}

function markdown(results, goals) {
  const [{ byWorkers }] = results;
  return `# Scaling

Written by \`npm run bench:scaling\`: \`${OME}\`, exact deduplication, distinct rows, ${CORES} cores; ${options.rounds} rounds,
each with every run once in turn. Medians, and the range of the ratios. Memory: the peak in the summary.

${conditions(byWorkers[0].runs[0].summary)}

${goals.map(({ text, value, passed }) => `- ${text}: ${value.toFixed(2)} x, ${verdict(passed)}`).join('\n')}

![Speed by number of workers](scaling.svg)
${results.map(section).join('')}`;
}

function section({ key, rows, byWorkers, apart, byFlight }) {
  const header = (name, base) => [name, 'rows/s', `x ${base}`, 'range', 'peak MiB'];
  return `
## ${key}, ${thousands(rows)} rows

${table(header('workers', 'one worker'), entryRows([...byWorkers, apart], byWorkers[0]))}

With ${CORES} workers:

${table(header('batches in flight', 'the default'), entryRows(byFlight, byFlight.at(-1)))}
`;
}

function entryRows(entries, base) {
  return entries.map((entry) => {
    const each = ratios(entry, base);
    const range = `${Math.min(...each).toFixed(2)}-${Math.max(...each).toFixed(2)}`;
    const peak = median(entry.runs.map(({ peakBytes }) => peakBytes));
    return [entry.label, thousands(rateOf(entry)), median(each).toFixed(2), range, mebibytes(peak)];
  });
}

function plot(results) {
  const workers = results[0].byWorkers.map(({ label }) => label);
  const series = results.map(({ key, byWorkers }) => ({
    name: key,
    marks: true,
    points: byWorkers.map((entry, i) => [i, median(ratios(entry, byWorkers[0]))]),
  }));
  const highest = Math.ceil(Math.max(CORES, ...series.flatMap(({ points }) => points.map(([, y]) => y))));
  return figure(820, [
    lines({
      title: `Speed over workers, one worker = 1, ${CORES} cores`,
      xLabel: 'workers',
      xTicks: workers.map((label, i) => [i, String(label)]),
      yTicks: Array.from({ length: highest + 1 }, (_, i) => [i, String(i)]),
      series: [...series, { name: 'cores', points: workers.map((label, i) => [i, Math.min(label, CORES)]) }],
    }),
  ]);
}
