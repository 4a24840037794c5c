// Compares a cluster with a run on one machine (npm run bench:cluster): rows/s with 1, 2 and 4 executors, bytes
// shuffled, memory of an executor, and the part of the time in which only the client works, writing the results. Writes
// bench/results/cluster.md and cluster.json, which bench/cost.mjs uses.
//
//   npm run bench:cluster [-- --executors 1,2,4] [--rows N] [--rounds N] [--partitions N] [--data DIR] [--out DIR]
//
// --executors  numbers of executors, separated by commas (1,2,4); their parallel tasks together equal the machine's cores
// --rows       at most this many rows of the library (all)
// --rounds     timed runs of each; the report gives medians (3)
// --library    file (polyphenol-2X-500k.parquet in --data, else examples/plants-1k.parquet)
// --partitions tasks of each stage (64)
// --data       folder of the development libraries (../shared/data)
// --out        folder of the report (bench/results)
//
// All processes run on this machine, so the executors share its cores: the increase from 1 to 4 shows the cost of a
// cluster, not its speed. Requires the release build: npm run build:cluster.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { LocalCluster, PROGRAM } from '../scripts/lib/cluster.mjs';
import { root } from '../scripts/lib/paths.mjs';
import { treeBytes } from '../scripts/lib/platform.mjs';
import { digestRows } from '../scripts/lib/row-digest.mjs';
import { Failure, main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { CLI, CONFIG, measureApply, mustBeBuilt, OME, readSummary } from './lib/cli.mjs';
import { countRows, readLibrary, spread, writeLibrary } from './lib/library.mjs';
import { measure } from './lib/measure.mjs';
import { conditions, mebibytes, median, table, thousands, verdict } from './lib/report.mjs';
import { interleave } from './lib/rounds.mjs';

const LIMIT = 1.3;
const LOOK_MS = 200;

const { values: options } = parseArgs({
  options: {
    executors: { type: 'string', default: '1,2,4' },
    rows: { type: 'string', default: 'Infinity' },
    rounds: { type: 'string', default: '3' },
    library: { type: 'string' },
    partitions: { type: 'string', default: '64' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});

const cores = availableParallelism();

await main(async () => {
  mustBeBuilt();
  if (!existsSync(PROGRAM)) throw new Failure(`${PROGRAM} is missing: run "npm run build:cluster" first`);
  await withScratch('bench-cluster', async (folder) => {
    const library = await cut(folder);
    const entries = [single(library, folder)];
    for (const count of options.executors.split(',').map(Number)) entries.push(cluster(count, library, folder));
    await interleave(entries, Number(options.rounds), async ({ title, run }) => {
      const measured = await run();
      console.log(`${title}: ${measured.seconds.toFixed(1)} s`);
      return measured;
    });
    report(library, entries.map(summarize));
  });
});

async function cut(folder) {
  const found = join(options.data, 'polyphenol-2X-500k.parquet');
  const path = options.library ?? (existsSync(found) ? found : join(root, 'examples', 'plants-1k.parquet'));
  const rows = await countRows(path);
  const wanted = Number(options.rows);
  if (wanted >= rows) return { key: basename(path), path, rows };
  const library = spread(await readLibrary(path, ['smiles']), wanted);
  const slice = join(folder, 'library.parquet');
  writeLibrary(slice, library);
  return { key: basename(path), path: slice, rows: wanted };
}

function single(library, folder) {
  const outdir = join(folder, 'single');
  const run = async () => {
    const flags = ['--xf-name', OME, '--workers', cores];
    const { seconds, peakBytes, summary } = await measureApply(library.path, outdir, flags);
    return { seconds, peakBytes, summary, digest: (await digestRows(summary.files.products.file)).digest };
  };
  return { title: 'apply', executors: 0, workers: cores, run };
}

function cluster(executors, library, folder) {
  const workers = Math.max(1, Math.floor(cores / executors));
  const outdir = join(folder, 'cluster');
  const run = async () => {
    rmSync(outdir, { recursive: true, force: true });
    const scratch = join(folder, `executors-${executors}`);
    mkdirSync(scratch, { recursive: true });
    const there = await LocalCluster.start({ folder: scratch, workers: Array(executors).fill(workers) });
    const peaks = there.executors.map(() => 0);
    const look = setInterval(() => {
      for (const [i, { child }] of there.executors.entries()) peaks[i] = Math.max(peaks[i], treeBytes(child.pid));
    }, LOOK_MS);
    try {
      const files = ['--input', library.path, '--outdir', outdir, '--xf-config', CONFIG, '--xf-name', OME];
      const where = ['--scheduler', there.address, '--partitions', options.partitions, '--progress', 'json'];
      const written = watchWriting();
      const command = [CLI, 'cluster', 'apply', ...files, ...where];
      const { seconds, peakBytes } = await measure(process.execPath, command, { onStderr: written.hear });
      const shuffled = there.shuffledBytes();
      const summary = readSummary(outdir);
      const { digest } = await digestRows(summary.files.products.file);
      const writing = summary.elapsed_seconds - written.since();
      return { seconds, writing, peakBytes, executorBytes: Math.max(...peaks), shuffled, summary, digest };
    } finally {
      clearInterval(look);
      await there.stop();
      rmSync(scratch, { recursive: true, force: true });
    }
  };
  return { title: `${executors} executors`, executors, workers, run };
}

/** Listens to the progress, and returns the seconds until the first products had reached the client. */
function watchWriting() {
  let [rest, since] = ['', null];
  return {
    hear(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines.filter((each) => since === null && each.startsWith('{'))) {
        const { products, elapsed_seconds: elapsed } = JSON.parse(line);
        if (products > 0) since = elapsed;
      }
    },
    since: () => since,
  };
}

function summarize({ title, executors, workers, runs }) {
  const of = (value) => median(runs.map(value));
  const [{ summary, digest }] = runs;
  return {
    title,
    executors,
    workers,
    seconds: of(({ seconds }) => seconds),
    range: [Math.min(...runs.map(({ seconds }) => seconds)), Math.max(...runs.map(({ seconds }) => seconds))],
    rows_per_second: summary.total_input / of(({ seconds }) => seconds),
    client_bytes: of(({ peakBytes }) => peakBytes),
    executor_bytes: executors > 0 ? of(({ executorBytes }) => executorBytes) : null,
    shuffled_bytes: executors > 0 ? of(({ shuffled }) => shuffled) : null,
    writing_seconds: executors > 0 ? of(({ writing }) => writing) : null,
    products: summary.total_products,
    unique: summary.unique_products,
    output_bytes: summary.files.products.bytes,
    digest,
    summary,
  };
}

function report(library, entries) {
  const [here, ...there] = entries;
  const same = there.every(({ digest }) => digest === here.digest);
  const one = there.find(({ executors }) => executors === 1);
  const ratio = one ? one.seconds / here.seconds : null;
  const passed = same && !(ratio > LIMIT);
  mkdirSync(options.out, { recursive: true });
  const measured = entries.map(({ summary, digest, ...figures }) => figures);
  const json = { library: library.key, rows: library.rows, cores, partitions: Number(options.partitions), measured };
  writeFileSync(join(options.out, 'cluster.json'), `${JSON.stringify(json, null, 2)}\n`);
  const lines = entries.map((each) => [
    each.title,
    each.workers,
    each.seconds.toFixed(1),
    each.range.map((value) => value.toFixed(1)).join('-'),
    thousands(each.rows_per_second),
    (each.seconds / here.seconds).toFixed(2),
    each.writing_seconds === null ? '' : each.writing_seconds.toFixed(1),
    each.shuffled_bytes === null ? '' : mebibytes(each.shuffled_bytes),
    each.executor_bytes === null ? '' : mebibytes(each.executor_bytes),
    mebibytes(each.client_bytes),
  ]);
  const header = [
    '',
    'tasks each',
    's',
    'range',
    'rows/s',
    'x apply',
    'writing s',
    'shuffled MiB',
    'executor MiB',
    'client MiB',
  ];
  const text = `# Cluster

Written by \`npm run bench:cluster\`: \`${OME}\`, ${library.key}, ${thousands(library.rows)} rows, ${options.partitions} partitions.
Scheduler, executors and client run on this machine and share its cores. Times cover the whole command, medians of ${options.rounds} rounds.
Writing: from the first products that reach the client to the end, while executors only send.

${conditions(here.summary)}

${table(header, lines)}

- The same rows as \`apply\`: ${verdict(same)}
- One executor in at most ${LIMIT} x the time of \`apply\`: ${ratio === null ? 'not measured' : `${ratio.toFixed(2)} x, ${verdict(ratio <= LIMIT)}`}
`;
  writeFileSync(join(options.out, 'cluster.md'), text);
  console.log(`\n${text}\nWritten: ${join(options.out, 'cluster.md')}`);
  process.exitCode = passed ? 0 : 1;
}
