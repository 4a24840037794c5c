// Compares what `apply --dry-run` says to expect with what runs then give and need (npm run verify:dry-run).
//
//   node scripts/verify-dry-run.mjs [--rows N] [--library FILE] [--data DIR] [--only WORD] [--seed N] [--counts]
//
// --rows     take only the first N rows of each library
// --library  compare on this library instead
// --data     folder of plants.parquet and polyphenol-2X-500k.parquet (../shared/data; if there is none, the example)
// --only     only the cases whose name contains this word
// --seed     seed of the samples (0)
// --counts   do not judge times and memory, which mean something only on an idle machine
//
// The bounds: rows with sites, products, and bytes before the deduplication within 10 %, memory within 20 %, time within 25 %; the
// unique products within the range, which is at most 1.5 times as wide as its lower end; a dry run under 20 s. The exit
// status is 1 if one of them does not hold.
import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyCommand, measureApply, mustBeBuilt, OME } from '../bench/lib/cli.mjs';
import { readLibrary, writeLibrary } from '../bench/lib/library.mjs';
import { measure } from '../bench/lib/measure.mjs';
import { conditions, table, thousands, verdict } from '../bench/lib/report.mjs';
import { nameFlags, RING_HALOGENATIONS } from '../bench/lib/transforms.mjs';
import { root } from './lib/paths.mjs';
import { Failure, main } from './lib/run.mjs';
import { withScratch } from './lib/scratch.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string' },
    library: { type: 'string' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '0' },
    counts: { type: 'boolean', default: false },
  },
});

const SETS = { OMe: [OME], 'four halogenations': RING_HALOGENATIONS };
const MOST_SECONDS = 20;
const WIDEST = 1.5;

/** The figures that are compared, how far they may be off, and where the truth is. */
const FIGURES = [
  { key: 'rows', within: 0.1, true: ({ summary }) => summary.total_input },
  { key: 'rows_with_sites', within: 0.1, true: ({ summary }) => withSites(summary.stats) },
  { key: 'products', within: 0.1, true: ({ summary }) => summary.total_products },
  { key: 'bytes', within: 0.1, true: ({ whole }) => whole.files.products.bytes },
  { key: 'memory_bytes', within: 0.2, true: ({ summary }) => summary.memory.peak_bytes, isOfMachine: true },
  { key: 'seconds', within: 0.25, true: ({ summary }) => summary.elapsed_seconds, isOfMachine: true },
];

/** Rows that have a site, if no row is bad. */
function withSites({ success, all_sites_excluded, rejected }) {
  return success + all_sites_excluded + rejected;
}

await main(async () => {
  mustBeBuilt();
  await withScratch('dry-run', async (scratch) => {
    const cases = (await libraries(scratch)).flatMap((library) =>
      Object.entries(SETS).map(([set, names]) => ({ name: `${library.name}, ${set}`, path: library.path, names })),
    );
    const chosen = cases.filter(({ name }) => name.includes(options.only));
    if (chosen.length === 0) throw new Failure(`no case is called ${options.only}`);
    let isGood = true;
    for (const each of chosen) isGood = (await compare(each, join(scratch, 'out'))) && isGood;
    process.exitCode = isGood ? 0 : 1;
  });
});

async function libraries(scratch) {
  const known = ['plants.parquet', 'polyphenol-2X-500k.parquet'].map((file) => join(options.data, file));
  const present = options.library ? [options.library] : known.filter((path) => existsSync(path));
  const paths = present.length > 0 ? present : [join(root, 'examples', 'plants-1k.parquet')];
  const slices = [];
  for (const path of paths)
    slices.push({ name: basename(path), path: options.rows ? await slice(path, scratch) : path });
  return slices;
}

/** The first rows of a library, in their order: neighbours stay neighbours. */
async function slice(path, scratch) {
  const { names, rows } = await readLibrary(path);
  const to = join(scratch, basename(path));
  writeLibrary(to, { names, rows: rows.slice(0, Number(options.rows)) });
  return to;
}

/** Prints what was expected and what came; whether it is within the bounds. */
async function compare({ name, path, names }, outdir) {
  const flags = nameFlags(names);
  const dryRun = [...flags, '--dry-run', '--json', '--seed', options.seed];
  const [command, ...args] = applyCommand(path, outdir, dryRun);
  const { stdout, seconds } = await measure(command, args, { watch: false });
  const { expected } = JSON.parse(stdout);
  const { summary } = await measureApply(path, outdir, flags, { watch: false });
  const { summary: whole } = await measureApply(path, outdir, [...flags, '--dedup', 'none'], { watch: false });
  rmSync(outdir, { recursive: true, force: true });

  const judged = FIGURES.map(({ key, within, isOfMachine, true: truth }) => {
    const [said, came] = [expected[key], truth({ summary, whole })];
    const isJudged = !(isOfMachine && options.counts);
    const passed = !isJudged || Math.abs(said - came) <= within * came;
    return {
      passed,
      cells: [key, shown(said), shown(came), (said / came).toFixed(3), isJudged ? verdict(passed) : ''],
    };
  });
  const { products_low: low, products_high: high } = expected;
  const holds = low <= summary.unique_products && summary.unique_products <= high && high <= WIDEST * low;
  const range = `${shown(low)} to ${shown(high)}`;
  const width = `${(high / low).toFixed(3)} wide`;
  judged.push({ passed: holds, cells: ['unique', range, shown(summary.unique_products), width, verdict(holds)] });
  const inTime = options.counts || seconds < MOST_SECONDS;
  judged.push({ passed: inTime, cells: ['dry run, s', '', shown(seconds), '', options.counts ? '' : verdict(inTime)] });
  const { rows, is_whole, is_cut } = expected.sample;
  const sample = `${thousands(rows)} rows tried${is_whole ? ', which are all' : ''}${is_cut ? ', cut by time' : ''}`;
  console.log(`\n## ${name}\n\n${conditions(summary, [sample])}\n`);
  console.log(
    table(
      ['', 'expected', 'true', 'ratio', ''],
      judged.map(({ cells }) => cells),
    ),
  );
  return judged.every(({ passed }) => passed);
}

function shown(value) {
  return value < 1000 ? String(Number(value.toPrecision(4))) : thousands(value);
}
