// The long form of the durability tests, with RDKit and the real command.
//
//     npm run soak                      as many kills as CI makes, and more: 100
//     npm run soak -- --kills 500 --input library.parquet
//
// First crate/core/tests/durability at every single call to the disk, then `kill -9` of the command and its child at
// random moments, each followed by --resume. Prints what is to be said in docs/reliability.md.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cargoEnvironment, cargoSharing } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { Failure, main, must } from './lib/run.mjs';

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
  if (values.only !== 'command') await everyCall();
  const folder = mkdtempSync(join(tmpdir(), 'xform-soak-'));
  try {
    await randomKills(folder, Number(values.kills));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function everyCall() {
  const env = { ...(await cargoEnvironment()), XFORM_LONG_TESTS: '1' };
  await must('The durability tests', 'cargo', ['test', ...cargoSharing(), '--test', 'durability'], { cwd: root, env });
}

async function randomKills(folder, kills) {
  const [unbroken, broken] = [join(folder, 'unbroken'), join(folder, 'broken')];
  await apply(unbroken).ended;
  const started = performance.now();
  await apply(unbroken, '--force').ended;
  const whole = performance.now() - started;
  const expected = hashes(unbroken);
  let [done, runs, resumed] = [0, 0, 0];
  while (done < kills) {
    rmSync(broken, { recursive: true, force: true });
    for (let ended = false; !ended; ) {
      const run = apply(broken, '--resume');
      const moment = sleep(Math.random() * whole * 1.1).then(() => 'kill');
      ended = (await Promise.race([run.ended, moment])) !== 'kill';
      if (ended) break;
      run.kill();
      await run.ended.catch(() => {});
      done++;
    }
    runs++;
    const summary = JSON.parse(readFileSync(join(broken, 'SUMMARY.json'), 'utf8'));
    resumed += summary.rows_resumed > 0 ? 1 : 0;
    if (hashes(broken) !== expected) throw new Failure(`after ${done} kills: other bytes in ${broken}`);
  }
  console.log(
    `${done} kills in ${runs} runs of ${(whole / 1000).toFixed(1)} s: ${runs} of ${runs} with equal hashes, ${resumed} resumed`,
  );
}

/** The command in a process group of its own, so that a kill takes its child as well. */
function apply(outdir, ...flags) {
  const config = join(root, 'configs', 'transforms.yaml');
  const args = [CLI, 'apply', '-i', values.input, '-o', outdir, '--xf-config', config, '--xf-name', 'all', '--quiet'];
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

function hashes(outdir) {
  const { files } = JSON.parse(readFileSync(join(outdir, 'SUMMARY.json'), 'utf8'));
  return `${files.products.sha256} ${files.rejects.sha256}`;
}
