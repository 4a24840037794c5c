// Deduplication alone: the cost of exact deduplication in a run, compared with DuckDB's SELECT DISTINCT over the same
// products with the same memory limit. A section of the report of bench/speed.mjs.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { measureApply, OME } from './cli.mjs';
import { pythonEnvironment } from './environments.mjs';
import { cutLibrary, findLibraries, readDistinct } from './libraries.mjs';
import { measure } from './measure.mjs';
import { pinning } from './pin.mjs';
import { mebibytes, median, table, thousands } from './report.mjs';
import { interleave } from './rounds.mjs';
import { watchThreads } from './thread-times.mjs';

const PROGRAM = join(root, 'bench', 'programs', 'python', 'duckdb_distinct.py');
const ROWS = 50_000;
const MEMORY = 512 * 2 ** 20;
// The thread on which products are judged and written.
const COMMIT = 'xform-commit';

/** Runs both and returns the section as Markdown. */
export async function dedupSection({ data, rounds, workers, rows, scratch }) {
  const python = pythonEnvironment('duckdb');
  const libraries = findLibraries(data);
  const source = libraries.find(({ key }) => key === 'polyphenol-2X') ?? libraries[0];
  const library = cutLibrary(await readDistinct(source.path), Math.min(ROWS, rows), scratch, 'dedup');
  const run = (mode) => apply(library.parquet, mode, workers, scratch);
  await run('none');
  const first = await run('exact');
  const products = join(scratch, 'none', 'products.parquet');
  const entries = {
    exact: { run: () => run('exact') },
    none: { run: () => run('none') },
    duckdb: { run: () => distinct(python, products, workers, scratch) },
  };
  await interleave(Object.values(entries), rounds, (entry) => entry.run());
  const added = entries.exact.runs.map((exact, round) => exact.commitSeconds - entries.none.runs[round].commitSeconds);
  const watched = await distinct(python, products, workers, scratch, { watch: true, cpu: false });
  return section({ source, library, summary: first.summary, added, duckdb: entries.duckdb.runs, watched });
}

async function apply(input, mode, workers, scratch) {
  let threads;
  const flags = ['--xf-name', OME, '--dedup', mode, '--workers', workers, '--target-memory', `${MEMORY / 2 ** 20}MiB`];
  const onStart = (child) => {
    threads = watchThreads(child.pid);
  };
  const { summary } = await measureApply(input, join(scratch, mode), flags, { watch: false, onStart });
  return { summary, commitSeconds: threads.stop().get(COMMIT) ?? 0 };
}

async function distinct(python, input, workers, scratch, how = { watch: false, cpu: true }) {
  const folder = join(scratch, 'duckdb');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = ['--input', input, '--output', join(folder, 'distinct.parquet'), '--scratch', folder];
  const limits = ['--workers', String(workers), '--memory', String(MEMORY)];
  const [command, ...args] = [...pinning(workers), python, PROGRAM, ...files, ...limits];
  const { stdout, cpuSeconds, peakBytes } = await measure(command, args, how);
  return { ...JSON.parse(stdout), cpuSeconds, peakBytes };
}

function section({ source, library, summary, added, duckdb, watched }) {
  const { unique_products: unique, total_products: products, memory } = summary;
  const rows = [
    [
      'xform-native, exact: time added to the commit thread',
      `${median(added).toFixed(2)} s CPU`,
      thousands(unique),
      `${mebibytes(memory.breakdown.dedup)} (deduplication's part)`,
    ],
    [
      `DuckDB ${watched.versions.duckdb}, SELECT DISTINCT`,
      `${median(duckdb.map(({ seconds }) => seconds)).toFixed(2)} s, ${median(duckdb.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2)} s CPU`,
      thousands(watched.unique),
      `${mebibytes(watched.peakBytes)} (the process)`,
    ],
  ];
  return `
## Deduplication alone

${thousands(products)} products of ${thousands(library.rows)} rows of ${source.key} (OMe), memory limit ${mebibytes(MEMORY)} MiB for both. Ours is the CPU time
of the commit thread in a run with \`--dedup exact\`, minus that in a run with \`--dedup none\`; the files written are the same
except for duplicates. DuckDB reads the columns \`xf_name\` and \`smiles\` of the products from Parquet, and writes Parquet.

${table(['', 'time', 'unique', 'memory MiB'], rows)}
`;
}
