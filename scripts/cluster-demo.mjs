// Compares a cluster on this machine (a scheduler and three executors as processes on loopback) with a run without one.
//
//     npm run cluster:demo
//     npm run cluster:demo -- --kills 12 --xf-name all
//
// --input   library (16,000 rows made from examples/plants-1k.parquet)
// --xf-name transform (FG_PHENOL_OH__OH__TO__OMe)
// --sort    products in the order of the input
// --kills   number of runs in which an executor is killed (3, one in each stage)
// --profile profile with which the program is built if it is missing (cluster)
//
// 1. A run on this machine, then runs on a cluster that loses an executor: while RDKit works (stage 1), while products
//    are deduplicated (stage 2), while the partitions are merged (stage 3). Rows and counts must equal those of the first
//    run. An executor is killed when the executors have written the files of a given number of tasks, not after a given
//    time.
// 2. A run that loses its scheduler: it must end with an error that reports this, and publish nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CLI, CONFIG, OME, readSummary } from '../bench/lib/cli.mjs';
import { readLibrary, writeLibrary } from '../bench/lib/library.mjs';
import { setUp } from './lib/build.mjs';
import { buildCluster, LocalCluster, PROGRAM } from './lib/cluster.mjs';
import { root } from './lib/paths.mjs';
import { digestRows } from './lib/row-digest.mjs';
import { Failure, main } from './lib/run.mjs';
import { withScratch } from './lib/scratch.mjs';

const SAMPLE = join(root, 'examples', 'plants-1k.parquet');
const ROWS = 16_000;
/** Tasks of stages 1 and 2; stage 3 is one task. */
const PARTITIONS = 24;
/** Parallel tasks of each executor. */
const WORKERS = [1, 2, 1];
const EXECUTOR_TIMEOUT_SECONDS = 8;
/** Every run must end within this time, whatever is lost. */
const RUN_MS = 600_000;

const { values: options } = parseArgs({
  options: {
    input: { type: 'string' },
    'xf-name': { type: 'string', default: OME },
    sort: { type: 'boolean', default: false },
    kills: { type: 'string', default: '3' },
    profile: { type: 'string', default: 'cluster' },
  },
});

await main(async () => {
  if (!existsSync(CLI) || !existsSync(join(root, 'native', 'binding.js'))) await setUp();
  if (!existsSync(PROGRAM)) await buildCluster(options.profile);
  await withScratch('cluster', async (folder) => {
    const library = options.input ?? (await madeLibrary(join(folder, 'library.parquet')));
    const single = join(folder, 'single');
    const here = await xform(['apply', ...job(library, single)]);
    if (here.status !== 0) throw new Failure(`the run on this machine ended with ${here.status}\n${here.stderr}`);
    console.log(`run on this machine: ${line(readSummary(single))}`);
    for (const kill of kills(Number(options.kills))) await lostExecutor(kill, library, single, folder);
    await lostScheduler(library, folder);
  });
});

/**
 * Repeats the sample, each time with different chains in front and different fragments beside it, so that products
 * differ.
 */
async function madeLibrary(path) {
  const { rows } = await readLibrary(SAMPLE, ['smiles']);
  const made = Array.from({ length: ROWS }, (_, row) => {
    const turn = Math.floor(row / rows.length);
    const fragment = turn < 4 ? '' : `.${'C'.repeat(Math.floor(turn / 4))}`;
    return { id: String(row), smiles: `${'C'.repeat(turn % 4)}${rows[row % rows.length].smiles}${fragment}` };
  });
  writeLibrary(path, { names: ['id', 'smiles'], rows: made });
  return path;
}

/** Kills spread over stages, tasks and executors: { stage, tasks, victim }. */
function kills(count) {
  const rounds = Math.ceil(count / 3);
  return Array.from({ length: count }, (_, kill) => {
    const stage = 1 + (kill % 3);
    const round = Math.floor(kill / 3);
    const tasks = stage === 3 ? 1 : 1 + Math.floor((round * PARTITIONS) / rounds);
    return { stage, tasks, victim: (kill + round) % WORKERS.length };
  });
}

async function lostExecutor({ stage, tasks, victim }, library, single, folder) {
  const outdir = join(folder, 'cluster');
  const ended = await onCluster(folder, library, outdir, async (cluster) => {
    await until(`${tasks} tasks of stage ${stage} write`, () => cluster.tasksWriting(stage) >= tasks);
    cluster.executors[victim].child.kill('SIGKILL');
  });
  const place = `executor ${victim} killed at task ${tasks} of stage ${stage}`;
  if (ended.status !== 0) throw new Failure(`${place}: exit status ${ended.status}\n${ended.stderr}`);
  for (const file of ['products.parquet', 'rejects.parquet']) {
    const [a, b] = [await digestRows(join(single, file)), await digestRows(join(outdir, file))];
    if (a.rows !== b.rows || a.digest !== b.digest) {
      throw new Failure(`${place}: ${file} has ${a.rows} rows here and ${b.rows} there, and their contents differ`);
    }
  }
  const counts = [single, outdir].map((each) => JSON.stringify(readSummary(each).transforms));
  if (counts[0] !== counts[1]) throw new Failure(`${place}: the counts differ:\n${counts.join('\n')}`);
  console.log(`${place}: same rows and counts; ${line(readSummary(outdir))}`);
  for (const [restart] of ended.stderr.matchAll(/.*starting the job over/g)) console.log(`  ${restart}`);
  rmSync(outdir, { recursive: true });
}

async function lostScheduler(library, folder) {
  const outdir = join(folder, 'lost');
  const { status, stdout, stderr } = await onCluster(folder, library, outdir, async (cluster) => {
    await until('a task writes', () => cluster.tasksWriting(1) > 0);
    cluster.scheduler.child.kill('SIGKILL');
  });
  const { code, message } = JSON.parse(stdout).error;
  const left = existsSync(outdir) ? readdirSync(outdir) : [];
  if (status !== 1 || code !== 'XFORM_CLUSTER_FAILED' || !/scheduler is lost/.test(message)) {
    throw new Failure(`a lost scheduler: exit status ${status}, ${code}\n${stderr}`);
  }
  if (left.length > 0) throw new Failure(`a lost scheduler left ${left.join(', ')} in ${basename(outdir)}`);
  console.log(`a lost scheduler: exit status ${status}, nothing left in the output folder, and\n  ${message}`);
}

/** A run on a separate cluster; `disturb` is called with the cluster while it runs. */
async function onCluster(folder, library, outdir, disturb) {
  return withScratch(
    'executors',
    async (scratch) => {
      const cluster = await LocalCluster.start({
        folder: scratch,
        workers: WORKERS,
        timeout: EXECUTOR_TIMEOUT_SECONDS,
      });
      try {
        const sort = options.sort ? ['--sort'] : [];
        const where = ['--scheduler', cluster.address, '--partitions', String(PARTITIONS), ...sort];
        const running = xform(['cluster', 'apply', ...job(library, outdir), ...where]);
        const disturbed = disturb(cluster);
        const [ended] = await Promise.all([
          running,
          Promise.race([disturbed, running.then((ended) => notInTheMiddle(disturbed, ended))]),
        ]);
        return ended;
      } finally {
        await cluster.stop();
      }
    },
    folder,
  );
}

/** The run has ended; fails if what should have happened in its middle has not happened by now. */
async function notInTheMiddle(disturbed, { stderr }) {
  const late = sleep(100).then(() => {
    throw new Failure(`the run finished too early; use a larger library\n${stderr}`);
  });
  return Promise.race([disturbed, late]);
}

async function until(what, holds) {
  const end = Date.now() + RUN_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Failure(`${what}: not within ${RUN_MS / 1000} s`);
    await sleep(2);
  }
}

function job(library, outdir) {
  return ['-i', library, '-o', outdir, '--xf-config', CONFIG, '--xf-name', options['xf-name'], '--json'];
}

async function xform(args) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: RUN_MS });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      output[stream] += text;
    });
  }
  const [status] = await once(child, 'close');
  return { status, ...output };
}

function line({ total_input: rows, total_products: products, unique_products: unique, elapsed_seconds: seconds }) {
  return `${rows} rows, ${products} products, ${unique} unique, ${seconds.toFixed(1)} s`;
}
