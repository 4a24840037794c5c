// The predecessor's production run, done by this project (npm run bench:production); writes bench/results/production.md
// and production.svg.
//
//   node bench/production.mjs [--rows N] [--data DIR] [--scratch DIR] [--out DIR]
//
// --rows     rows of the library (13790820, as in the predecessor's run); a smaller number also uses fewer parents
// --data     folder of plants.parquet (../shared/data); if it is missing, the parents come from examples/plants-1k.parquet
// --scratch  folder for library and results during the run (the system's temporary folder); about 10 GB at full size
// --out      folder of the report (bench/results)
//
// The tool makes the library: the four halogenations of aromatic C-H over plants, twice, at every site. That gives less
// than half of the rows, so a third round over an even part of them follows; the result is cut at the number of rows.
// Then the predecessor's command runs word for word. Then the job runs once with exact deduplication, is killed (-9) at
// half of its rows and resumed. `verify` checks both results.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { Failure, main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { CLI, measureApply, mustBeBuilt, readSummary } from './lib/cli.mjs';
import { joinLibraries, readLibrary, spread, writeLibrary } from './lib/library.mjs';
import { measure } from './lib/measure.mjs';
import { markdown, plot } from './lib/production-report.mjs';
import { nameFlags, RING_HALOGENATIONS } from './lib/transforms.mjs';

const FULL = 13_790_820;
const EVERY_SITE = ['--max-sites', '-1', '--no-exclude-sugar-like'];
const INTERVAL_MS = 1_000;
// Minimum number of rows that the third round makes from one row of the second.
const THIRD_ROUND = 10;

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: String(FULL) },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    scratch: { type: 'string', default: tmpdir() },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});
const ROWS = Number(options.rows);

await main(async () => {
  mustBeBuilt();
  mkdirSync(options.scratch, { recursive: true });
  await withScratch(
    'production',
    async (scratch) => {
      const library = await makeLibrary(scratch);
      const bloom = await wholeRun(library.path, join(scratch, 'bloom'));
      const exact = await brokenRun(library.path, join(scratch, 'exact'));
      mkdirSync(options.out, { recursive: true });
      writeFileSync(join(options.out, 'production.svg'), plot([bloom, exact]));
      writeFileSync(join(options.out, 'production.md'), markdown({ library, bloom, exact, isFull: ROWS === FULL }));
      console.log(`\nWritten: ${join(options.out, 'production.md')}`);
    },
    options.scratch,
  );
});

/** Makes the library: { path, rows, parents, steps: [{ round, rows, products, seconds }] }. */
async function makeLibrary(scratch) {
  const parents = join(scratch, 'parents.parquet');
  const count = await writeParents(parents);
  const first = await halogenate('1X', parents, scratch);
  const second = await halogenate('2X', first.output, scratch);
  const rounds = [second];
  const missing = ROWS - second.products;
  if (missing > 0) {
    const input = join(scratch, 'third.parquet');
    await joinLibraries(
      [second.output],
      input,
      ROWS,
      Math.max(1, Math.floor((THIRD_ROUND * second.products) / missing)),
    );
    rounds.push(await halogenate('3X', input, scratch));
  }
  const path = join(scratch, 'library.parquet');
  const outputs = rounds.map(({ output }) => output);
  const rows = await joinLibraries(outputs, path, ROWS);
  for (const output of [first.output, ...outputs]) rmSync(output);
  if (rows < ROWS) console.error(`the library has only ${rows} rows`);
  return { path, rows, parents: count, steps: [first, ...rounds] };
}

async function halogenate(round, input, scratch) {
  const outdir = join(scratch, round);
  const { summary } = await measureApply(input, outdir, [...nameFlags(RING_HALOGENATIONS), ...EVERY_SITE], {
    watch: false,
  });
  const { total_input: rows, unique_products: products, elapsed_seconds: seconds } = summary;
  console.log(`${round}: ${rows} rows, ${products} products, ${seconds.toFixed(0)} s`);
  return { round, rows, products, seconds, output: join(outdir, 'products.parquet') };
}

async function writeParents(path) {
  const plants = join(options.data, 'plants.parquet');
  const source = existsSync(plants) ? plants : join(root, 'examples', 'plants-1k.parquet');
  const library = await readLibrary(source);
  const chosen = spread(library, Math.ceil((library.rows.length * ROWS) / FULL));
  writeLibrary(path, chosen);
  return chosen.rows.length;
}

/**
 * The predecessor's command, with `node dist/cli/main.js` instead of its name; `dedup` replaces its deduplication
 * flags.
 */
function command(input, outdir, dedup, ...further) {
  const files = ['--input', input, '--outdir', outdir, '--xf-config', 'configs/transforms.yaml'];
  const limits = ['--workers', '16', '--target-memory', '70.0', '--max-in-flight', '4'];
  const words = [...files, '--xf-name', 'FG_PHENOL_OH__OH__TO__OMe', ...dedup, ...limits, ...further];
  return [CLI, 'apply', ...words, '--progress', 'json'];
}

/** One uninterrupted run with the Bloom filter. */
async function wholeRun(input, outdir) {
  const run = await watched(command(input, outdir, ['--use-bloom-filter']));
  return finished('Bloom filter, the command word for word', outdir, [run]);
}

/** A run with exact deduplication, killed at half of its rows and resumed. */
async function brokenRun(input, outdir) {
  const first = await watched(command(input, outdir, []), true);
  if (existsSync(join(outdir, 'SUMMARY.json')))
    throw new Failure('the run finished before it could be killed; use more --rows');
  const second = await watched(command(input, outdir, [], '--resume'));
  return finished('exact, killed at half of its rows and resumed', outdir, [first, second]);
}

async function finished(name, outdir, pieces) {
  const check = await measure(process.execPath, [CLI, 'verify', outdir], { watch: false });
  const peakBytes = Math.max(...pieces.map((piece) => piece.peakBytes));
  const seconds = pieces.reduce((sum, piece) => sum + piece.seconds, 0);
  return { name, pieces, peakBytes, seconds, summary: readSummary(outdir), verifySeconds: check.seconds };
}

/** Runs the command and reads its memory; with `isToDie`, kills it and its children at half of its rows. */
async function watched(args, isToDie = false) {
  let child;
  let rest = '';
  const onStderr = (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines.filter((each) => each.startsWith('{'))) {
      const { rows, rows_total: total } = JSON.parse(line);
      if (isToDie && rows >= total / 2 && !child.killed) killGroup(child);
    }
  };
  const onStart = (started) => {
    child = started;
  };
  const intervalMs = Math.min(INTERVAL_MS, 100 + ROWS / 1000);
  return measure(process.execPath, args, { cwd: root, intervalMs, onStart, onStderr, mayBeKilled: isToDie });
}

function killGroup(child) {
  child.killed = true;
  process.kill(-child.pid, 'SIGKILL');
}
