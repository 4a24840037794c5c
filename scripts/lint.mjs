// Runs every lint, all as errors, and lists at the end those that found something. With --cluster, runs only clippy on
// crate/cluster, which must compile DataFusion first.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cargoEnvironment, cargoSharing } from './lib/build.mjs';
import { clusterSharing } from './lib/cluster.mjs';
import { root } from './lib/paths.mjs';
import { Failure, main, run } from './lib/run.mjs';
import { LINT_TOOLS, needRust, needTools } from './lib/tools.mjs';

function cppFiles() {
  return ['bridge', 'kernel'].flatMap((folder) => {
    const path = join('crate', 'rdkit-sys', folder);
    const names = readdirSync(join(root, path), { recursive: true }).filter((name) => /\.(h|cc)$/.test(name));
    return names.map((name) => join(path, name));
  });
}

const LINTS = {
  rustfmt: () => ['cargo', 'fmt', '--all', '--check'],
  'rustfmt (fuzz)': () => ['cargo', 'fmt', '--manifest-path', 'fuzz/Cargo.toml', '--check'],
  clippy: () => clippy(cargoSharing()),
  'clang-format': () => ['clang-format', '--dry-run', '-Werror', ...cppFiles()],
  doors: () => [process.execPath, 'scripts/doors.mjs'],
  circles: () => [process.execPath, 'scripts/circles.mjs'],
  biome: () => ['npm', 'run', '--silent', 'lint:ts'],
  tsc: () => ['node_modules/.bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  'tsc (pages)': () => ['node_modules/.bin/tsc', '-p', 'src/pages/tsconfig.json'],
  'tsc (tests)': () => ['node_modules/.bin/tsc', '--noEmit', '-p', '__test__/tsconfig.json'],
  'tsc (tests of pages)': () => ['node_modules/.bin/tsc', '--noEmit', '-p', '__test__/pages/tsconfig.json'],
  options: () => [process.execPath, 'scripts/options.mjs', '--check'],
};

const CLUSTER_LINTS = { clippy: () => clippy(clusterSharing('cluster')) };

function clippy(what) {
  return ['cargo', 'clippy', ...what, '--all-targets', '--quiet', '--', '-D', 'warnings'];
}

await main(async () => {
  const lints = process.argv.includes('--cluster') ? CLUSTER_LINTS : LINTS;
  needRust(['fmt', 'clippy']);
  await needTools(LINT_TOOLS);
  const env = await cargoEnvironment();
  const failed = [];
  for (const [name, command] of Object.entries(lints)) {
    console.log(`== ${name}`);
    const [program, ...args] = command();
    if ((await run(program, args, { cwd: root, env })) !== 0) failed.push(name);
  }
  if (failed.length > 0) throw new Failure(`lint: ${failed.join(', ')}`);
  console.log('lint: nothing found');
});
