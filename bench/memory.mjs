// Memory and speed for different numbers of rows, batches in flight and workers, and file shapes (npm run
// bench:memory); writes bench/results/memory.md and memory.svg.
//
//   node bench/memory.mjs [--rows N] [--library FILE] [--out DIR] [--only WORD]
//
// --rows     rows of MEDIUM; MICRO and the batch size are a tenth of it, SMALL three tenths (500000)
// --library  the library (../shared/data/polyphenol-2X-500k.parquet; if that is missing, the program makes one from
//            examples/plants-1k.parquet)
// --out      folder of the report (bench/results)
// --only     only the runs whose name contains this word; prints without writing
//
// The command is the main one: OMe, --use-bloom-filter with its default size, --target-memory 70.0. Memory is the PSS
// of the process tree, read from outside every 100 ms; the report also gives the peak from SUMMARY.json.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { measureApply, mustBeBuilt, OME } from './lib/cli.mjs';
import { readLibrary, spread, writeLibrary } from './lib/library.mjs';
import { criteria, markdown, plot } from './lib/memory-report.mjs';
import { nameFlags, RING_HALOGENATIONS } from './lib/transforms.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '500000' },
    library: { type: 'string', default: join(root, '..', 'shared', 'data', 'polyphenol-2X-500k.parquet') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
    only: { type: 'string' },
  },
});
const ROWS = Number(options.rows);
const MICRO = Math.round(ROWS / 10);
const SMALL = 3 * MICRO;
const BLOOM = ['--use-bloom-filter'];
const EXACT = ['--dedup', 'exact'];

// The runs with 10 and 1 batches in flight follow each other, because their speeds are compared. `like` names the
// predecessor's run to compare with; `batch` is a batch size other than MICRO.
const RUNS = [
  { key: 'micro', name: 'MICRO', rows: MICRO, workers: 4, inFlight: 1, like: 'MICRO' },
  { key: 'small', name: 'SMALL', rows: SMALL, workers: 6, inFlight: 3, like: 'SMALL' },
  { key: 'medium', name: 'MEDIUM, 10 in flight', rows: ROWS, workers: 8, inFlight: 10, like: 'MEDIUM' },
  { key: 'flight1', name: 'MEDIUM, 1 in flight', rows: ROWS, workers: 8, inFlight: 1 },
  { key: 'micro8', name: 'MICRO, 8 workers', rows: MICRO, workers: 8, inFlight: 10 },
  { key: 'flight4', name: 'MEDIUM, 4 in flight', rows: ROWS, workers: 8, inFlight: 4 },
  { key: 'flight2', name: 'MEDIUM, 2 in flight', rows: ROWS, workers: 8, inFlight: 2 },
  { key: 'flight64', name: 'MEDIUM, 64 in flight', rows: ROWS, workers: 8, inFlight: 64 },
  { key: 'workers16', name: 'MEDIUM, 16 workers', rows: ROWS, workers: 16, inFlight: 4 },
  { key: 'batchHalf', name: 'MEDIUM, half the batch size', rows: ROWS, workers: 8, inFlight: 4, batch: MICRO / 2 },
  {
    key: 'batchFour',
    name: 'MEDIUM, four times the batch size',
    rows: ROWS,
    workers: 8,
    inFlight: 4,
    batch: 4 * MICRO,
  },
  { key: 'oneGroup', name: 'MEDIUM, one row group', rows: ROWS, workers: 8, inFlight: 4, shape: 'one-group' },
  {
    key: 'keepAll',
    name: 'MEDIUM, --keep-columns all',
    rows: ROWS,
    workers: 8,
    inFlight: 4,
    flags: ['--keep-columns', 'all'],
  },
  {
    key: 'steps',
    name: 'MEDIUM, exact, properties, filter, alerts and parents',
    rows: ROWS,
    workers: 8,
    inFlight: 10,
    dedup: EXACT,
    flags: ['--properties', 'quick', '--alerts', 'PAINS', '--where', 'MW < 900 and cLogP < 8', '--parents'],
  },
  { key: 'exactMicro', name: 'MICRO, exact', rows: MICRO, workers: 8, inFlight: 10, dedup: EXACT },
  { key: 'exactMedium', name: 'MEDIUM, exact', rows: ROWS, workers: 8, inFlight: 10, dedup: EXACT },
];

await main(async () => {
  mustBeBuilt();
  await withScratch('memory', async (scratch) => {
    const chosen = RUNS.filter(({ key, name }) => !options.only || `${key} ${name}`.includes(options.only));
    const { label, paths } = await makeShapes(scratch);
    const results = [];
    for (const run of chosen) results.push(await measureRun(run, paths, scratch));
    if (options.only) return;
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'memory.svg'), plot(results));
    writeFileSync(join(options.out, 'memory.md'), markdown(results, label));
    console.log(`\nWritten: ${join(options.out, 'memory.md')}`);
    process.exitCode = criteria(results).every(({ passed }) => passed) ? 0 : 1;
  });
});

async function measureRun(run, paths, scratch) {
  const { rows, workers, inFlight, batch = MICRO, shape = 'plain', dedup = BLOOM, flags = [] } = run;
  const shapeFlags = [
    '--workers',
    workers,
    '--target-memory',
    '70.0',
    '--max-in-flight',
    inFlight,
    '--batch-size',
    batch,
  ];
  const allFlags = ['--xf-name', OME, ...dedup, ...shapeFlags.map(String), ...flags];
  const measured = await measureApply(paths[`${shape}-${rows}`], join(scratch, 'out'), allFlags);
  const result = { ...run, batch, ...measured, stdout: undefined };
  console.log(
    `${run.name}: ${(result.peakBytes / 2 ** 20).toFixed(0)} MiB, ${result.summary.elapsed_seconds.toFixed(1)} s`,
  );
  return result;
}

/** Writes the library in the sizes and shapes of the runs; returns their paths and a label. */
async function makeShapes(scratch) {
  const own = !existsSync(options.library);
  const source = own ? await makeLibrary(scratch) : options.library;
  const whole = spread(await readLibrary(source), ROWS);
  const paths = {};
  const write = (shape, rows, rowGroupSize) => {
    const path = join(scratch, `${shape}-${rows}.parquet`);
    writeLibrary(path, spread(whole, rows), rowGroupSize);
    paths[`${shape}-${rows}`] = path;
  };
  for (const rows of [MICRO, SMALL, ROWS]) write('plain', rows, MICRO);
  write('one-group', ROWS, ROWS);
  const made = own ? 'made by the program from examples/plants-1k.parquet' : basename(options.library);
  return { label: `${made}, ${whole.rows.length.toLocaleString('en-US')} rows, evenly spread slices`, paths };
}

/** Two rounds of ring halogenation of the example library, as the predecessor made its libraries. */
async function makeLibrary(scratch) {
  console.log(`${options.library} is missing: making a library from examples/plants-1k.parquet`);
  const sp3 = ['F', 'Cl'].map((symbol) => `RING_SP3__CH__TO__${symbol}`);
  const names = nameFlags([...RING_HALOGENATIONS, ...sp3]);
  let input = join(root, 'examples', 'plants-1k.parquet');
  for (const round of ['1X', '2X']) {
    const outdir = join(scratch, round);
    await measureApply(input, outdir, [...names, '--no-exclude-sugar-like']);
    const made = await readLibrary(join(outdir, 'products.parquet'), ['source_id', 'smiles', 'source_smiles']);
    input = join(scratch, `${round}.parquet`);
    const rows = made.rows.map(({ source_id, smiles, source_smiles }) => ({
      id: source_id,
      smiles,
      parent_smiles: source_smiles,
    }));
    writeLibrary(input, spread({ names: ['id', 'smiles', 'parent_smiles'], rows }, round === '1X' ? 40_000 : ROWS));
  }
  return input;
}
