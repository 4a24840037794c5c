// Sets up and runs all tests; the last line is `N passed, N failed` over all runners.
//
//     npm test              everything
//     npm test -- cargo     one runner (cargo, ava)
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { cargoEnvironment, cargoSharing, npmRun, setUp } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { readersPython } from './lib/readers.mjs';
import { Failure, main } from './lib/run.mjs';
import { needTools, PAGE_TOOLS } from './lib/tools.mjs';

const RUNNERS = {
  cargo: {
    command: () => ['cargo', 'test', ...cargoSharing(), '--no-fail-fast'],
    counts: /^test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed;/,
  },
  ava: {
    async prepare(env) {
      await needTools(PAGE_TOOLS);
      await npmRun('Building the addon with the hooks for tests', 'build:test-addon', env);
      env.XFORM_READERS_PYTHON ??= readersPython();
    },
    command: () => [join('node_modules', '.bin', 'ava')],
    counts:
      /^\s*(?:(?<passed>\d+) tests? passed|(?<failed>\d+) (?:tests? (?:failed|remained pending)|uncaught exceptions?|unhandled rejections?))/,
  },
};

await main(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !RUNNERS[name]);
  if (unknown) throw new Failure(`unknown runner ${unknown}; the runners are ${Object.keys(RUNNERS).join(' and ')}.`);
  await setUp({ rdkitTools: true }); // the tests of scripts/rdkit.mjs build something
  rmSync(join(root, 'test-dist'), { recursive: true, force: true }); // removed tests must not run
  await npmRun('Compiling the tests', 'build:test');
  const env = { ...(await cargoEnvironment()) };
  const sum = { passed: 0, failed: 0 };
  for (const name of asked.length > 0 ? asked : Object.keys(RUNNERS)) {
    await RUNNERS[name].prepare?.(env);
    const result = await runTests(name, RUNNERS[name], env);
    sum.passed += result.passed;
    sum.failed += result.failed;
  }
  process.exitCode = sum.failed > 0 ? 1 : 0;
  console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
});

/**
 * Runs one runner and adds up its counts; a runner that fails without a failed test, or runs none, counts as one
 * failure.
 */
async function runTests(name, runner, env) {
  const command = runner.command();
  console.log(`\n== ${command.join(' ')}`);
  const sum = { passed: 0, failed: 0 };
  const status = await tee(command, env, (line) => {
    const found = runner.counts.exec(line)?.groups;
    sum.passed += Number(found?.passed ?? 0);
    sum.failed += Number(found?.failed ?? 0);
  });
  if (sum.failed === 0 && (status !== 0 || sum.passed === 0)) {
    console.log(`${name}: ${status === 0 ? 'no test ran' : `exit status ${status}`}; counted as one failure`);
    sum.failed = 1;
  }
  return sum;
}

/** Runs a command, shows its output as it arrives, and passes each line of standard output to `onLine`. */
function tee([command, ...args], env, onLine) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    child.stdout.on('data', (bytes) => {
      process.stdout.write(bytes);
      const lines = (rest + bytes.toString('utf8')).split('\n');
      rest = lines.pop();
      for (const line of lines) onLine(stripVTControlCharacters(line));
    });
    child.on('error', (error) => console.error(`${command}: ${error.message}`));
    child.on('close', (status) => done(status ?? 1));
  });
}
