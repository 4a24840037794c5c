// The steps from a checkout to a working package: npm modules, RDKit, addon, TypeScript.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureRdkit, findRdkit } from '../rdkit.mjs';
import { root } from './paths.mjs';
import { capture, must } from './run.mjs';
import { ADDON_TOOLS, COUNT_TOOLS, LINT_TOOLS, needNode, needRust, needTools, RDKIT_TOOLS } from './tools.mjs';

/** Runs every step, starting with the machine's tools; steps that are already done take no time. */
export async function setUp({ lint = false, rdkitTools = !findRdkit().ready } = {}) {
  const started = Date.now();
  needNode();
  needRust(lint ? ['fmt', 'clippy'] : []);
  await needTools([
    ...ADDON_TOOLS,
    ...(rdkitTools ? RDKIT_TOOLS : []),
    ...(lint ? [...LINT_TOOLS, ...COUNT_TOOLS] : []),
  ]);
  await installModules();
  await buildAll();
  console.error(`set-up: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Builds RDKit if it is missing, the addon, and the JavaScript. */
export async function buildAll() {
  const env = await cargoEnvironment();
  console.error('set-up: addon');
  await npmRun('Building the addon', 'build:addon', env);
  await npmRun('Compiling the TypeScript', 'build:ts');
}

/**
 * The environment for cargo. build.rs finds RDKit's place in the cache by itself. Only a given RDKIT_PREFIX is passed
 * on, as an absolute path, so that cargo sees the same value from a shell and from a script and rebuilds nothing.
 */
export async function cargoEnvironment() {
  const prefix = await ensureRdkit();
  return process.env.RDKIT_PREFIX ? { ...process.env, RDKIT_PREFIX: prefix } : process.env;
}

/**
 * Arguments that cargo's tests and lints share with `napi build --release`: its profile and its explicit target (which
 * has its own folder). Every dependency and the C++ bridge are therefore compiled only once for the addon, the tests
 * and clippy. They apply to the workspace's default members: crate/cluster has its own step (`npm run test:cluster`).
 */
export function cargoSharing() {
  return ['--release', '--target', host()];
}

/** The machine's target triple, as for cargo's `--target`. */
export function host() {
  return /^host: (.+)$/m.exec(capture('rustc', ['-vV']))[1];
}

/** Installs the locked npm modules if package.json or the lock file has changed since the last installation. */
async function installModules() {
  const stamp = join(root, 'node_modules', '.xform-native-stamp');
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(root, file)));
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('set-up: npm modules');
  const install = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  await must('Installing the npm modules', 'npm', install, { cwd: root, stdio: ['ignore', 2, 2] });
  writeFileSync(stamp, wanted);
}

/** Runs a script of package.json; its output goes to standard error. */
export async function npmRun(what, script, env = process.env) {
  await must(what, 'npm', ['run', '--silent', script], { cwd: root, env, stdio: ['ignore', 2, 2] });
}
