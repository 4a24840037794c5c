// What the contenders of bench:speed need in addition to this project, in the user's cache folder.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, root } from '../../scripts/lib/paths.mjs';
import { capture, Failure } from '../../scripts/lib/run.mjs';
import { ensureVenv } from '../../scripts/lib/venv.mjs';

/** A cache folder for the benchmarks, created if it is missing. */
export function benchCache(name) {
  const folder = join(cacheRoot(), 'bench', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A Python with the packages listed in bench/requirements/<name>.txt. */
export function pythonEnvironment(name) {
  const requirements = join(root, 'bench', 'requirements', `${name}.txt`);
  return ensureVenv(join(cacheRoot(), 'bench', `venv-${name}`), requirements, `the contender ${name}`);
}

/** The folder of an npm package, installed outside the project. */
export function npmPackage(name, version) {
  const folder = benchCache(`npm-${name.replaceAll(/\W+/g, '-')}-${version}`);
  const installed = join(folder, 'node_modules', ...name.split('/'));
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', `${name}@${version}`];
  if (!existsSync(installed) && capture('npm', install, { stdio: ['ignore', 'pipe', 'pipe'] }) === null)
    throw new Failure(`npm cannot install ${name} ${version}.`);
  return installed;
}
