// Speed beside Python on the same cores (npm run bench:speed); writes bench/results/speed.md.
//
//   node bench/speed.mjs [--repeat N] [--workers N] [--rows N] [--data DIR] [--out FILE]
//
// --repeat   rounds; in each every program runs once, in turn (5)
// --workers  worker threads and processes, on as many cores where taskset is there (2)
// --rows     distinct rows taken of polyphenol-2X-500k, evenly spread (15000)
// --data     where the development libraries lie (../shared/data); else examples/plants-1k.parquet alone
// --out      the report (bench/results/speed.md)
//
// All programs read the same file of distinct rows, apply OMe and write Parquet with a Bloom filter of the same size;
// the sets of products are compared. Times are each program's own, from its start-up done to the file closed; the
// time of the whole command, start-up included, stands beside it.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { capture, main } from '../scripts/lib/run.mjs';
import { findPython } from '../scripts/oracle/python.mjs';
import { measureApply, mustBeBuilt, OME } from './lib/cli.mjs';
import { distinct, readLibrary, spread, writeLibrary } from './lib/library.mjs';
import { measure } from './lib/measure.mjs';
import { conditions, mebibytes, median, table, thousands, verdict } from './lib/report.mjs';

const BASELINE = join(root, 'bench', 'baseline', 'seed_design.py');
const WANTED_RATIO = 1.5;
// The filter of the Python baselines.
const BLOOM = ['--use-bloom-filter', '--bloom-expected-items', '10000000', '--bloom-fp-rate', '0.001'];

const { values: options } = parseArgs({
  options: {
    repeat: { type: 'string', default: '5' },
    workers: { type: 'string', default: '2' },
    rows: { type: 'string', default: '15000' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    out: { type: 'string', default: join(root, 'bench', 'results', 'speed.md') },
  },
});

await main(async () => {
  mustBeBuilt();
  const python = findPython();
  const scratch = mkdtempSync(join(tmpdir(), 'xform-speed-'));
  try {
    const results = [];
    for (const library of await makeLibraries(scratch)) results.push(await compare(library, python, scratch));
    mkdirSync(dirname(options.out), { recursive: true });
    writeFileSync(options.out, report(results, python));
    console.log(`\nWritten: ${options.out}`);
    process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

async function makeLibraries(scratch) {
  const sources = [
    ['plants', Number.POSITIVE_INFINITY],
    ['polyphenol-2X-500k', Number(options.rows)],
  ];
  const found = sources.filter(([name]) => existsSync(join(options.data, `${name}.parquet`)));
  if (found.length === 0)
    return [await cut('plants-1k', join(root, 'examples', 'plants-1k.parquet'), Infinity, scratch)];
  return Promise.all(found.map(([name, rows]) => cut(name, join(options.data, `${name}.parquet`), rows, scratch)));
}

async function cut(name, source, rows, scratch) {
  const slice = spread(distinct(await readLibrary(source)), rows);
  const path = join(scratch, `${name}.parquet`);
  writeLibrary(path, slice);
  return { name, path, rows: slice.rows.length };
}

/** The programs: each takes a key and options of `measure`, and gives { seconds, wall, peakBytes, products, unique, output }. */
function programs(library, python, scratch) {
  const pinned = pinning();
  const apply = (flags) => async (key, how) => {
    const outdir = join(scratch, key);
    const flagged = ['--xf-name', OME, '--workers', options.workers, ...flags];
    const { summary, seconds, peakBytes } = await measureApply(library.path, outdir, flagged, {
      prefix: pinned,
      ...how,
    });
    const { elapsed_seconds, total_products: products, unique_products: unique } = summary;
    const output = join(outdir, 'products.parquet');
    return { seconds: elapsed_seconds, wall: seconds, peakBytes, products, unique, output, summary };
  };
  const baseline = (flags) => async (key, how) => {
    const output = join(scratch, `${key}.parquet`);
    const files = [library.path, output];
    const [command, ...args] = [...pinned, python, BASELINE, ...files, '--workers', options.workers, ...flags];
    const measured = await measure(command, args, how);
    const { seconds, products, unique } = JSON.parse(measured.stdout);
    return { seconds, wall: measured.seconds, peakBytes: measured.peakBytes, products, unique, output };
  };
  return [
    { key: 'ours', title: 'xform-native, same Bloom filter', run: apply(BLOOM) },
    { key: 'lean', title: 'lean Python pool', run: baseline(['--lean']) },
    { key: 'exact', title: 'xform-native, exact (default)', run: apply([]) },
    { key: 'seed', title: "predecessor's design in Python", run: baseline([]) },
  ];
}

function pinning() {
  const cores = `0-${Number(options.workers) - 1}`;
  return capture('taskset', ['-c', cores, 'true']) === null ? [] : ['taskset', '-c', cores];
}

async function compare(library, python, scratch) {
  const contestants = programs(library, python, scratch);
  const runs = Object.fromEntries(contestants.map(({ key }) => [key, []]));
  const peaks = {};
  for (const { key, run } of contestants) peaks[key] = (await run(key, { watch: true })).peakBytes;
  for (let round = 1; round <= Number(options.repeat); round += 1) {
    for (const { key, title, run } of contestants) {
      const result = await run(key, { watch: false });
      runs[key].push(result);
      console.log(`${library.name}, round ${round}, ${title}: ${result.seconds.toFixed(2)} s`);
    }
  }
  const sets = await Promise.all(contestants.map(({ key }) => productSet(runs[key].at(-1).output)));
  const equal = sets.map((set) => set.size === sets[0].size && [...set].every((smiles) => sets[0].has(smiles)));
  const ratio = median(runs.ours.map(({ seconds }, round) => runs.lean[round].seconds / seconds));
  const passed = ratio >= WANTED_RATIO && equal.every(Boolean);
  return { library, contestants, runs, peaks, equal, ratio, passed };
}

async function productSet(path) {
  const { rows } = await readLibrary(path, ['smiles']);
  return new Set(rows.map(({ smiles }) => smiles));
}

function report(results, python) {
  const summary = results[0].runs.ours[0].summary;
  const versions = capture(python, [
    '-c',
    'import platform, pyarrow, rbloom; from importlib.metadata import version as v; from rdkit import rdBase; print(f\'Python {platform.python_version()}, RDKit {rdBase.rdkitVersion} (wheel), pyarrow {pyarrow.__version__}, rbloom {v("rbloom")}\')',
  ])?.trim();
  const pinned = pinning().length > 0 ? `pinned with ${pinning().join(' ')}` : 'not pinned';
  return `# Speed beside Python

Written by \`npm run bench:speed\`. Transform: \`${OME}\`; distinct rows; ${options.workers} workers each, ${pinned}.
One run of each that is not timed (its memory is), then ${options.repeat} rounds, in each every program once in turn; medians. Rates are from each program's own time, start-up
left out for both; the last but one column is the whole command. The Python baselines are \`bench/baseline/seed_design.py\`.

${conditions(summary, [versions])}
${results.map(section).join('')}`;
}

function section({ library, contestants, runs, peaks, equal, ratio, passed }) {
  const rows = contestants.map(({ key, title }, i) => {
    const seconds = median(runs[key].map((run) => run.seconds));
    const ratios = runs[key].map((run, round) => runs.lean[round].seconds / run.seconds);
    const { products, unique } = runs[key][0];
    return [
      title,
      seconds.toFixed(2),
      thousands(library.rows / seconds),
      thousands(products / seconds),
      median(ratios).toFixed(2),
      `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`,
      thousands(unique),
      equal[i] ? 'yes' : '**no**',
      median(runs[key].map((run) => run.wall)).toFixed(2),
      mebibytes(peaks[key]),
    ];
  });
  const header = [
    'program',
    's',
    'rows/s',
    'products/s',
    'x lean',
    'range',
    'unique',
    'same set',
    'command s',
    'peak MiB',
  ];
  return `
## ${library.name}, ${thousands(library.rows)} rows

${table(header, rows)}

- At least ${WANTED_RATIO} x the lean pool, same set of products: ${ratio.toFixed(2)} x, ${verdict(passed)}
`;
}
