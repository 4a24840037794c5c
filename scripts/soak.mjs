// The long form of the durability tests, with RDKit and the real command.
//
//     npm run soak                      100 kills, more than CI makes
//     npm run soak -- --kills 500 --input library.parquet
//
//     npm run soak -- --only calls|kills|late|sdf|text|spark --bytes 2000000000
//
// First (calls) crate/core/tests/durability at every single call to the disk. Then (kills) `kill -9` of the command and
// its child at random moments, each followed by --resume. Then (late) a longer run that is killed after nine tenths of
// its time. Then (sdf, text) an SDF and gzipped SMILES of --bytes, unpacked: memory compared with that of a library of a
// tenth, and a kill in the middle. Last (spark) the files of a run in Spark, compared with pyarrow. Prints the figures for
// docs/reliability.md.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { cargoEnvironment, cargoSharing } from './lib/build.mjs';
import { cacheRoot, root } from './lib/paths.mjs';
import { treeBytes } from './lib/platform.mjs';
import { Failure, main, must } from './lib/run.mjs';
import { withScratch } from './lib/scratch.mjs';
import { needTools } from './lib/tools.mjs';
import { ensureVenv } from './lib/venv.mjs';

const CLI = join(root, 'dist', 'cli', 'main.js');
/** How much more memory a library may take than a tenth of it. */
const FLAT = 1.15;
/** Bytes that a longer run may take beyond that: buffers and Node's heap settle in minutes, not in seconds (36 MiB after 13 s,
 * 48 MiB after 130 s, in one run). A byte per row of 2 GB of text would be more. */
const SETTLING = 16 * 2 ** 20;
/** The files of the stages that read a large library. */
const LARGE_LIBRARIES = { sdf: 'library.sdf', text: 'library.smi.gz' };
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    input: { type: 'string', default: join(root, 'examples', 'plants-1k.parquet') },
    only: { type: 'string' },
    bytes: { type: 'string', default: '2000000000' },
  },
});

await main(async () => {
  if (!existsSync(CLI)) throw new Failure('nothing is built: run "npm run setup" first');
  if (wanted('calls')) await everyCall();
  await withScratch('soak', async (folder) => {
    if (wanted('kills')) await randomKills(folder, Number(values.kills));
    if (wanted('late')) await lateKill(folder);
    for (const [stage, name] of Object.entries(LARGE_LIBRARIES)) {
      if (wanted(stage)) await largeLibrary(folder, name, Number(values.bytes));
    }
    if (wanted('spark')) await readWithSpark(join(folder, 'spark'));
  });
});

function wanted(stage) {
  return !values.only || values.only === stage;
}

async function everyCall() {
  const env = { ...(await cargoEnvironment()), XFORM_LONG_TESTS: '1' };
  await must('The durability tests', 'cargo', ['test', ...cargoSharing(), '--test', 'durability'], { cwd: root, env });
}

async function randomKills(folder, kills) {
  const [unbroken, broken] = [join(folder, 'unbroken'), join(folder, 'broken')];
  await apply(values.input, unbroken).ended;
  const whole = await timed(apply(values.input, unbroken, '--force').ended);
  const expected = hashes(unbroken);
  let [done, runs, resumed] = [0, 0, 0];
  while (done < kills) {
    rmSync(broken, { recursive: true, force: true });
    while (await isKilled(apply(values.input, broken, '--resume'), Math.random() * whole * 1.1)) done++;
    runs++;
    resumed += summary(broken).rows_resumed > 0 ? 1 : 0;
    if (hashes(broken) !== expected) throw new Failure(`after ${done} kills: different bytes in ${broken}`);
  }
  console.log(
    `${done} kills in ${runs} runs of ${seconds(whole)}: ${runs} of ${runs} with equal hashes, ${resumed} resumed`,
  );
}

async function lateKill(folder) {
  const [library, unbroken, broken] = ['library', 'long', 'late'].map((name) => join(folder, name));
  await apply(values.input, library).ended;
  const input = join(library, 'products.parquet');
  const whole = await timed(apply(input, unbroken).ended);
  if (!(await isKilled(apply(input, broken), 0.9 * whole))) throw new Failure('the run ended before its kill');
  const rest = await timed(apply(input, broken, '--resume').ended);
  const { rows_resumed, total_input } = summary(broken);
  if (hashes(broken) !== hashes(unbroken)) throw new Failure(`killed late: different bytes in ${broken}`);
  const share = (part) => `${(100 * part).toFixed(1)} %`;
  console.log(
    `killed at 90 % of ${seconds(whole)}: resumed ${share(rows_resumed / total_input)} of ${total_input} rows, ` +
      `the rest took ${share(rest / whole)} of the time, equal hashes`,
  );
  if (rest > 0.3 * whole) throw new Failure('the rest took more than 30 % of the whole time');
}

async function largeLibrary(folder, name, bytes) {
  const molecules = join(folder, name.replace(/\.gz$/, '').replace('library', 'molecules'));
  await must('Writing molecules', process.execPath, [
    CLI,
    'export',
    values.input,
    '-o',
    molecules,
    '--quiet',
    '--force',
  ]);
  const [tenth, whole] = [join(folder, `tenth-${name}`), join(folder, name)];
  await repeat(molecules, tenth, bytes / 10);
  await repeat(molecules, whole, bytes);
  const [small, unbroken, broken] = ['small', 'unbroken', 'broken'].map((run) => join(folder, run));
  const transform = ['--force', '--xf-name', 'OH_to_OMe'];
  const before = await watched(apply(tenth, small, ...transform));
  const large = await watched(apply(whole, unbroken, ...transform));
  rmSync(broken, { recursive: true, force: true });
  if (!(await isKilled(apply(whole, broken, ...transform), large.milliseconds / 2)))
    throw new Failure(`${name}: the run ended before its kill`);
  await apply(whole, broken, ...transform.slice(1), '--resume').ended;
  const { rows_resumed, total_input } = summary(broken);
  if (hashes(broken) !== hashes(unbroken)) throw new Failure(`${name}: different bytes after a kill`);
  const mebibytes = (size) => `${(size / 2 ** 20).toFixed(0)} MiB`;
  console.log(
    `${name}, ${(bytes / 1e9).toFixed(1)} GB unpacked, ${total_input} rows in ${seconds(large.milliseconds)}: ` +
      `${mebibytes(large.peak)}, a tenth of it ${mebibytes(before.peak)}; killed half-way, ${rows_resumed} rows resumed, equal hashes`,
  );
  if (large.peak > FLAT * before.peak + SETTLING) throw new Failure(`${name}: memory grows with the library`);
  for (const path of [tenth, whole]) rmSync(path);
}

/** Writes the file at `from` again and again, until it has `bytes`; packed if `to` ends in .gz. */
async function repeat(from, to, bytes) {
  const content = readFileSync(from);
  const copies = Readable.from(Array(Math.ceil(bytes / content.length)).fill(content));
  const packer = to.endsWith('.gz') ? createGzip({ level: 1 }) : new PassThrough();
  await pipeline(copies, packer, createWriteStream(to));
}

/** The time of a run and the most memory of its own that its processes had, read every 100 ms. */
async function watched(run) {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, treeBytes(run.pid, 'Pss_Anon'));
  }, 100);
  try {
    return { milliseconds: await timed(run.ended), peak };
  } finally {
    clearInterval(timer);
  }
}

async function readWithSpark(outdir) {
  await needTools(['Java']);
  const requirements = join(root, 'scripts', 'oracle', 'spark.txt');
  const python = ensureVenv(join(cacheRoot(), 'spark-venv'), requirements, 'Spark');
  const columns = ['--keep-columns', 'all', '--properties', 'all', '--alerts', 'PAINS', '--parents'];
  await apply(values.input, outdir, '--xf-name', 'FG_PHENOL*', ...columns).ended;
  const oracle = join(root, 'scripts', 'oracle', 'main.py');
  await must('Reading with Spark', python, [oracle, 'readers', outdir, '--spark'], { stdio: 'inherit' });
}

async function timed(work) {
  const started = performance.now();
  await work;
  return performance.now() - started;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Kills a run after some milliseconds; false if the run ends by itself before. */
async function isKilled(run, milliseconds) {
  const ended = await Promise.race([run.ended, sleep(milliseconds).then(() => 'kill')]);
  if (ended !== 'kill') return false;
  run.kill();
  await run.ended.catch(() => {});
  return true;
}

/** The command in its own process group, so that a kill hits its child as well. */
function apply(input, outdir, ...flags) {
  const config = join(root, 'configs', 'transforms.yaml');
  const names = flags.includes('--xf-name') ? [] : ['--xf-name', 'all'];
  const args = [CLI, 'apply', '-i', input, '-o', outdir, '--xf-config', config, '--quiet'];
  const child = spawn(process.execPath, [...args, ...names, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const ended = new Promise((resolve, reject) => {
    child.on('close', (status, signal) =>
      status === 0 || signal ? resolve('ended') : reject(new Failure(`the command ended with status ${status}`)),
    );
  });
  return { ended, pid: child.pid, kill: () => process.kill(-child.pid, 'SIGKILL') };
}

function summary(outdir) {
  return JSON.parse(readFileSync(join(outdir, 'SUMMARY.json'), 'utf8'));
}

function hashes(outdir) {
  const { files } = summary(outdir);
  return `${files.products.sha256} ${files.rejects.sha256}`;
}
