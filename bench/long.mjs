// Memory during a long run on a library that the tool makes itself (npm run bench:long); writes bench/results/long.md
// and long.svg.
//
//   node bench/long.mjs [--polyphenols N] [--data DIR] [--out DIR]
//
// --polyphenols  parents taken from polyphenol-2X in addition to all plants (95000: slightly over 2 million distinct rows)
// --data         folder of plants.parquet and polyphenol-2X-500k.parquet (../shared/data)
// --out          folder of the report (bench/results)
//
// First the four ring C-H halogenations make the library. Its rows are distinct, because each halogen is a separate
// transform and duplicates are left out. Then the main job runs on it with exact deduplication.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { measureApply, mustBeBuilt, OME } from './lib/cli.mjs';
import { readLibrary, spread } from './lib/library.mjs';
import { conditions, mebibytes, median, table, thousands, verdict } from './lib/report.mjs';
import { figure, lines } from './lib/svg.mjs';
import { nameFlags, RING_HALOGENATIONS } from './lib/transforms.mjs';

const FLAT = 1.15;

const { values: options } = parseArgs({
  options: {
    polyphenols: { type: 'string', default: '95000' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});

await main(async () => {
  mustBeBuilt();
  await withScratch('long', async (scratch) => {
    const parents = join(scratch, 'parents.smi');
    writeFileSync(parents, await parentLines());
    const made = await measureApply(parents, join(scratch, 'made'), nameFlags(RING_HALOGENATIONS));
    const ran = await measureApply(join(scratch, 'made', 'products.parquet'), join(scratch, 'out'), ['--xf-name', OME]);
    const runs = [
      { name: 'making the library', ...made },
      { name: 'the main job', ...ran },
    ];
    const isFlat = runs.every((run) => growth(run) <= FLAT);
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'long.svg'), plot(runs));
    writeFileSync(join(options.out, 'long.md'), markdown(runs, isFlat));
    process.exitCode = isFlat ? 0 : 1;
  });
});

async function parentLines() {
  const plants = await readLibrary(join(options.data, 'plants.parquet'), ['smiles']);
  const polyphenols = await readLibrary(join(options.data, 'polyphenol-2X-500k.parquet'), ['smiles']);
  const rows = [...plants.rows, ...spread(polyphenols, Number(options.polyphenols)).rows];
  return rows.map(({ smiles }, row) => `${smiles} ${row}\n`).join('');
}

/** How far the median memory in the last quarter of a run lies above that in its second quarter. */
function growth({ samples }) {
  const quarter = (index) => samples.slice((samples.length * index) / 4, (samples.length * (index + 1)) / 4);
  const level = (index) => median(quarter(index).map(({ bytes }) => bytes));
  return level(3) / level(1);
}

function plot(runs) {
  const series = runs.map(({ name, samples }) => ({
    name,
    points: samples
      .filter((_, index) => index % Math.ceil(samples.length / 400) === 0)
      .map(({ seconds, bytes }) => [(100 * seconds) / samples.at(-1).seconds, bytes / 2 ** 20]),
  }));
  const ticks = (last, step, unit) =>
    Array.from({ length: last / step + 1 }, (_, index) => [index * step, `${index * step}${unit}`]);
  const title = 'Memory of the process tree (PSS, MiB) over a run';
  const axes = { xLabel: 'share of the run', xTicks: ticks(100, 20, ' %'), yTicks: ticks(350, 50, '') };
  return figure(820, [lines({ title, series, ...axes })]);
}

function markdown(runs, isFlat) {
  const cells = (run) => [
    run.name,
    thousands(run.summary.total_input),
    thousands(run.summary.total_products),
    thousands(run.summary.unique_products),
    run.summary.elapsed_seconds.toFixed(0),
    mebibytes(run.peakBytes),
    `${growth(run).toFixed(2)} x`,
    mebibytes(run.summary.scratch_bytes),
    thousands(run.summary.dedup.deferred),
  ];
  const header = [
    'run',
    'rows',
    'products',
    'unique',
    's',
    'peak MiB',
    'last to second quarter',
    'scratch MiB',
    'deferred',
  ];
  const parents = `plants.parquet and ${thousands(Number(options.polyphenols))} rows of polyphenol-2X`;
  return `# A long run

Written by \`npm run bench:long\`. The four ring C-H halogenations over ${parents} make a library;
the main job (OMe) runs on it. Exact deduplication, ${runs[0].summary.options.workers} workers. Memory: PSS of the process
tree, read from outside every 100 ms.

${conditions(runs[0].summary)}

![Memory during two long runs](long.svg)

${table(header, runs.map(cells))}

Flat (median memory in the last quarter at most ${FLAT} x that of the second): ${verdict(isFlat)}
`;
}
