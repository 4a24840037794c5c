// The long form of the durability tests, with RDKit and the real command.
//
//     npm run soak                      100 kills, more than CI makes
//     npm run soak -- --kills 500 --input library.parquet
//
//     npm run soak -- --only calls|kills|late
//
// First (calls) crate/core/tests/durability at every single call to the disk. Then (kills) `kill -9` of the command and
// its child at random moments, each followed by --resume. Last (late) a longer run that is killed after nine tenths of
// its time. Prints the figures for docs/reliability.md.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cargoEnvironment, cargoSharing } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { Failure, main, must } from './lib/run.mjs';
import { withScratch } from './lib/scratch.mjs';

const CLI = join(root, 'dist', 'cli', 'main.js');
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    input: { type: 'string', default: join(root, 'examples', 'plants-1k.parquet') },
    only: { type: 'string' },
  },
});

await main(async () => {
  if (!existsSync(CLI)) throw new Failure('nothing is built: run "npm run setup" first');
  if (wanted('calls')) await everyCall();
  await withScratch('soak', async (folder) => {
    if (wanted('kills')) await randomKills(folder, Number(values.kills));
    if (wanted('late')) await lateKill(folder);
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
  const args = [CLI, 'apply', '-i', input, '-o', outdir, '--xf-config', config, '--xf-name', 'all', '--quiet'];
  const child = spawn(process.execPath, [...args, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const ended = new Promise((resolve, reject) => {
    child.on('close', (status, signal) =>
      status === 0 || signal ? resolve('ended') : reject(new Failure(`the command ended with status ${status}`)),
    );
  });
  return { ended, kill: () => process.kill(-child.pid, 'SIGKILL') };
}

function summary(outdir) {
  return JSON.parse(readFileSync(join(outdir, 'SUMMARY.json'), 'utf8'));
}

function hashes(outdir) {
  const { files } = summary(outdir);
  return `${files.products.sha256} ${files.rejects.sha256}`;
}
