// A cluster on this machine against a run without one: one scheduler and two executors as processes on the loopback.
//
//     npm run cluster:demo                                       the plants, the sample of them where they are not there
//     npm run cluster:demo -- --input FILE --xf-name NAME ...
//
// --input   library (../shared/data/plants.parquet, else examples/plants-1k.parquet)
// --xf-name transform (FG_PHENOL_OH__OH__TO__OMe)
// --sort    products in the order of the input
// --profile in which the program is built where it is not there (cluster)
//
// 1. A run on this machine, and one on the cluster, in the middle of which an executor is killed: the rows and sums have
//    to be the same.
// 2. A run in the middle of which the scheduler is killed: it has to end with an error that says so, and nothing under a
//    final name.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CLI, CONFIG, OME, readSummary } from '../bench/lib/cli.mjs';
import { setUp } from './lib/build.mjs';
import { buildCluster, folderBytes, LocalCluster, PROGRAM } from './lib/cluster.mjs';
import { root } from './lib/paths.mjs';
import { digestRows } from './lib/row-digest.mjs';
import { Failure, main } from './lib/run.mjs';
import { withScratch } from './lib/scratch.mjs';

const PLANTS = join(root, '..', 'shared', 'data', 'plants.parquet');
const SAMPLE = join(root, 'examples', 'plants-1k.parquet');
/** Many and small, so that there is a middle. */
const PARTITIONS = 16;
const EXECUTOR_TIMEOUT_SECONDS = 8;
const PATIENCE_MS = 60_000;

const { values: options } = parseArgs({
  options: {
    input: { type: 'string', default: existsSync(PLANTS) ? PLANTS : SAMPLE },
    'xf-name': { type: 'string', default: OME },
    sort: { type: 'boolean', default: false },
    profile: { type: 'string', default: 'cluster' },
  },
});

await main(async () => {
  if (!existsSync(CLI) || !existsSync(join(root, 'native', 'binding.js'))) await setUp();
  if (!existsSync(PROGRAM)) await buildCluster(options.profile);
  await withScratch('cluster', async (folder) => {
    await killedExecutor(folder);
    await lostScheduler(folder);
  });
});

async function killedExecutor(folder) {
  const single = join(folder, 'single');
  const here = await xform(['apply', ...job(single)]);
  if (here.status !== 0) throw new Failure(`the run on this machine ended with ${here.status}\n${here.stderr}`);
  console.log(`run on this machine:  ${line(readSummary(single))}`);

  const outdir = join(folder, 'cluster');
  const there = await onCluster(join(folder, 'a'), outdir, async (cluster) => {
    const [, victim] = cluster.executors;
    await until('the second executor shuffles', () => folderBytes(victim.scratch) > 0);
    victim.child.kill('SIGKILL');
    console.log(`killed the executor at ${victim.address}`);
  });
  if (there.status !== 0) throw new Failure(`the run on the cluster ended with ${there.status}\n${there.stderr}`);
  console.log(`run on the cluster:   ${line(readSummary(outdir))}`);

  for (const file of ['products.parquet', 'rejects.parquet']) {
    const [a, b] = [await digestRows(join(single, file)), await digestRows(join(outdir, file))];
    if (a.rows !== b.rows || a.digest !== b.digest) {
      throw new Failure(`${file}: ${a.rows} rows here, ${b.rows} there, and they are not the same`);
    }
    console.log(`${file}: the same ${a.rows} rows, digest ${a.digest.slice(0, 16)}`);
  }
  const sums = [single, outdir].map((each) => JSON.stringify(readSummary(each).transforms));
  if (sums[0] !== sums[1]) throw new Failure(`the sums differ:\n${sums.join('\n')}`);
  console.log('the sums are the same');
}

async function lostScheduler(folder) {
  const outdir = join(folder, 'lost');
  const { status, stdout, stderr } = await onCluster(join(folder, 'b'), outdir, async (cluster) => {
    await until('an executor shuffles', () => cluster.shuffledBytes() > 0);
    cluster.scheduler.child.kill('SIGKILL');
    console.log(`killed the scheduler at ${cluster.address}`);
  });
  const { code, message } = JSON.parse(stdout).error;
  const left = existsSync(outdir) ? readdirSync(outdir) : [];
  if (status !== 1 || code !== 'XFORM_CLUSTER_FAILED' || !/scheduler is lost/.test(message)) {
    throw new Failure(`a lost scheduler: exit status ${status}, ${code}\n${stderr}`);
  }
  if (left.length > 0) throw new Failure(`a lost scheduler left ${left.join(', ')} in ${basename(outdir)}`);
  console.log(`a lost scheduler: exit status ${status}, nothing left in the output folder, and\n  ${message}`);
}

/** A run on a cluster of its own; `disturb` is called with the cluster while it goes on. */
async function onCluster(folder, outdir, disturb) {
  mkdirSync(folder, { recursive: true });
  const cluster = await LocalCluster.start({ folder, executors: 2, workers: 1, timeout: EXECUTOR_TIMEOUT_SECONDS });
  try {
    const sort = options.sort ? ['--sort'] : [];
    const where = ['--scheduler', cluster.address, '--partitions', String(PARTITIONS), ...sort];
    const running = xform(['cluster', 'apply', ...job(outdir), ...where]);
    const disturbed = disturb(cluster);
    const [ended] = await Promise.all([
      running,
      Promise.race([disturbed, running.then(() => notInTheMiddle(disturbed))]),
    ]);
    return ended;
  } finally {
    await cluster.stop();
  }
}

/** The run is over; so must be what was to happen in its middle. */
async function notInTheMiddle(disturbed) {
  const late = sleep(100).then(() => {
    throw new Failure('the run was over before its middle came; take a larger library');
  });
  return Promise.race([disturbed, late]);
}

async function until(what, holds) {
  const end = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Failure(`${what}: not within ${PATIENCE_MS / 1000} s`);
    await sleep(20);
  }
}

function job(outdir) {
  return ['-i', options.input, '-o', outdir, '--xf-config', CONFIG, '--xf-name', options['xf-name'], '--json'];
}

async function xform(args) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
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
