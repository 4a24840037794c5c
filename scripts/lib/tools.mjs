// The tools that the build requires, and the Debian packages that contain them.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';
import { capture, Failure, must, run } from './run.mjs';

/** The browser in which pages are tested and taken pictures of: Debian's, or one that is named. */
export const CHROMIUM = process.env.XFORM_CHROMIUM ?? '/usr/bin/chromium';

const TOOLS = {
  // what the addon's own build needs
  'g++': { package: 'g++', found: () => version('g++') },
  'Boost headers': { package: 'libboost-dev', found: () => header('boost/dynamic_bitset.hpp') },
  // what RDKit's build needs in addition
  cmake: { package: 'cmake', found: () => atLeast(version('cmake'), '3.18') },
  ninja: { package: 'ninja-build', found: () => version('ninja') },
  'Eigen headers': { package: 'libeigen3-dev', found: () => header('eigen3/Eigen/Core') },
  patch: { package: 'patch', found: () => version('patch') },
  tar: { package: 'tar', found: () => version('tar') },
  xz: { package: 'xz-utils', found: () => version('xz') },
  // what the tests of pages need
  chromium: { package: 'chromium', found: () => version(CHROMIUM) },
  // what the lints need
  'clang-format': { package: 'clang-format', found: () => version('clang-format') },
  // what the instruction counts need
  valgrind: { package: 'valgrind', found: () => version('valgrind') },
  // what Spark needs in the soak
  Java: { package: 'default-jre-headless', found: () => version('java') },
};

export const ADDON_TOOLS = ['g++', 'Boost headers'];
export const RDKIT_TOOLS = ['cmake', 'ninja', 'Eigen headers', 'patch', 'tar', 'xz'];
export const PAGE_TOOLS = ['chromium'];
export const LINT_TOOLS = ['clang-format'];
export const COUNT_TOOLS = ['valgrind'];

/**
 * Makes sure that the named tools are installed: as root installs what is missing, otherwise prints the command to run.
 */
export async function needTools(names) {
  const missing = names.filter((name) => !TOOLS[name].found());
  if (missing.length === 0) return;
  const packages = missing.map((name) => TOOLS[name].package);
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const apt = capture('apt-get', ['--version']) !== null;
  if (!apt || process.getuid?.() !== 0) {
    const how = apt
      ? `Install with:\n\n    sudo ${command}`
      : `On Debian and Ubuntu they are the packages ${packages.join(' ')}.`;
    throw new Failure(`missing: ${missing.join(', ')}. ${how}`);
  }
  console.error(`set-up: installing ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const stdio = ['ignore', 2, 2];
  await run('apt-get', ['-q', 'update'], { env, stdio });
  await run('apt-get', command.split(' ').slice(1).concat('-q'), { env, stdio });
  const still = missing.filter((name) => !TOOLS[name].found());
  if (still.length > 0) throw new Failure(`still missing after \`${command}\`: ${still.join(', ')}.`);
}

/** Rust does not come from apt: Debian's version is older than the code requires. */
export function needRust(components = []) {
  process.env.PATH = [process.env.PATH, join(homedir(), '.cargo', 'bin')].join(delimiter);
  const wanted = /^rust-version = "(.+)"$/m.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))[1];
  const found = version('rustc');
  const how = 'Install it with rustup (rustup.rs), with its default profile.';
  if (!found || version('cargo') === null) throw new Failure(`Rust ${wanted} or newer is missing. ${how}`);
  if (!atLeast(found, wanted))
    throw new Failure(`Rust ${found} is too old; ${wanted} or newer is needed: rustup update stable`);
  const absent = components.filter((name) => capture('cargo', [name, '--version']) === null);
  const parts = absent.map((name) => (name === 'fmt' ? 'rustfmt' : name));
  if (absent.length > 0)
    throw new Failure(`missing: ${parts.join(', ')}. Install with: rustup component add ${parts.join(' ')}`);
}

/** Sanitizers and fuzzing require nightly Rust; an installed toolchain is used, whatever its date. */
export async function needNightly() {
  needRust();
  if (capture('cargo', ['+nightly', '--version']) !== null) return;
  if (capture('rustup', ['--version']) === null) throw new Failure('nightly Rust is missing, and rustup to get it.');
  await run('rustup', ['toolchain', 'install', 'nightly', '--profile', 'minimal'], { stdio: ['ignore', 2, 2] });
  if (capture('cargo', ['+nightly', '--version']) === null) throw new Failure('nightly Rust cannot be installed.');
}

export async function needCargoFuzz() {
  const args = ['install', 'cargo-fuzz', '--version', '^0.13', '--locked'];
  if (capture('cargo', ['fuzz', '--version']) !== null) return;
  console.error('set-up: cargo-fuzz');
  await must('Installing cargo-fuzz', 'cargo', args, { stdio: ['ignore', 2, 2] });
}

export function needNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '');
  if (!atLeast(process.versions.node, wanted))
    throw new Failure(`Node ${process.versions.node} is too old; ${wanted} or newer is needed.`);
}

/** The first number in the output of `command --version`, or null if the command is missing. */
function version(command) {
  const text = capture(command, ['--version']);
  return text === null ? null : (/\d+(\.\d+)*/.exec(text)?.[0] ?? '0');
}

function header(name) {
  return capture('g++', ['-E', '-x', 'c++', '-'], { input: `#include <${name}>\n`, stdio: ['pipe', 'pipe', 'ignore'] });
}

function atLeast(found, wanted) {
  if (found === null) return false;
  const [a, b] = [found, wanted].map((text) => text.split('.').map(Number));
  for (const [i, part] of b.entries()) {
    if ((a[i] ?? 0) !== part) return (a[i] ?? 0) > part;
  }
  return true;
}
