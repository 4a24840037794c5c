// The tests of crate/cluster, which `npm test` leaves out because DataFusion is slow to compile: the function, 5,000
// rows on a cluster in one process, and then processes, one of which is killed in each run. The last line is `N passed,
// N failed`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cargoEnvironment, setUp } from './lib/build.mjs';
import { buildCluster, clusterSharing } from './lib/cluster.mjs';
import { root } from './lib/paths.mjs';
import { main, run } from './lib/run.mjs';

const PROFILE = 'cluster';

await main(async () => {
  await setUp();
  const env = await cargoEnvironment();
  const sum = { passed: 0, failed: 0 };
  const tests = ['test', ...clusterSharing(PROFILE), '--no-fail-fast'];
  const status = await cargoTests(tests, env, sum);
  if (status !== 0 && sum.failed === 0) sum.failed = 1;

  await buildCluster(PROFILE);
  for (const flags of [['--kills', '12', '--xf-name', 'all'], ['--sort']]) {
    console.log(`\n== cluster:demo ${flags.join(' ')}`);
    const demo = [join(root, 'scripts', 'cluster-demo.mjs'), ...flags];
    const ended = await run(process.execPath, demo, { cwd: root, env });
    sum[ended === 0 ? 'passed' : 'failed'] += 1;
  }
  process.exitCode = sum.failed > 0 ? 1 : 0;
  console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
});

/** Runs cargo's tests, shows their output and adds up their counts. */
function cargoTests(args, env, sum) {
  return new Promise((done) => {
    const child = spawn('cargo', args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text);
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const [, passed = 0, failed = 0] = /^test result: \w+\. (\d+) passed; (\d+) failed;/.exec(line) ?? [];
        sum.passed += Number(passed);
        sum.failed += Number(failed);
      }
    });
    child.on('error', (error) => console.error(`cargo: ${error.message}`));
    child.on('close', (status) => done(status ?? 1));
  });
}
