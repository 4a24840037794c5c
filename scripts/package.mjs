// Builds and packs the npm packages into out/packages: the main one and the platform package of this machine.
//
//     npm run package                 builds first
//     npm run package -- --no-build   packs the existing build
//     npm run package -- --cluster    also packs @xform-native/cluster, whose build takes most of an hour of CPU time
//
// A copy of package.json gets the platform packages as optionalDependencies, as `napi prepublish` would write them; the
// one in the repository does not, because a checkout must not look for them.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { buildAll } from './lib/build.mjs';
import { buildCluster, PROGRAM } from './lib/cluster.mjs';
import { notice } from './lib/notice.mjs';
import { root } from './lib/paths.mjs';
import { capture, Failure, main } from './lib/run.mjs';
import { needRust } from './lib/tools.mjs';

const OUT = join(root, 'out', 'packages');
const CLUSTER = '@xform-native/cluster';
const ADDON = 'xform-node';

// Everything else is linked in, so that the addon runs on any glibc system without RDKit, Boost or a C++ runtime.
const ALLOWED = /^(libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|ld-linux-x86-64\.so\.2)$/;

await main(async () => {
  const build = !process.argv.includes('--no-build');
  const cluster = process.argv.includes('--cluster');
  if (build) {
    needRust();
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    await buildAll();
    if (cluster) await buildCluster('release');
  }
  rmSync(OUT, { recursive: true, force: true });
  const packages = readdirSync(join(root, 'npm')).map((name) => readJson(join(root, 'npm', name, 'package.json')));
  const platforms = packages.filter(({ name }) => name !== CLUSTER);
  const { version } = readJson(join(root, 'package.json'));
  for (const { name, version: own } of packages) {
    if (own !== version) throw new Failure(`${name} has version ${own}, the main package ${version}.`);
  }
  const built = platforms.filter(({ main: addon }) => existsSync(join(root, 'native', addon)));
  if (built.length === 0) throw new Failure('no addon in native/: run npm run build');
  const folders = [...built.map(stagePlatform), ...(cluster ? [stageCluster()] : []), stageMain(platforms, version)];
  for (const folder of folders) pack(folder);
});

/**
 * The platform package: npm/<platform> with the addon, stripped of symbols, and the licences of the linked libraries.
 */
function stagePlatform({ name, main: addon }) {
  const folder = join(OUT, name);
  cpSync(join(root, 'npm', name.replace(/^xform-native-/, '')), folder, { recursive: true });
  copyFileSync(join(root, 'native', addon), join(folder, addon));
  copyLicences(folder, ADDON);
  if (capture('strip', ['--strip-all', join(folder, addon)]) === null) throw new Failure(`strip failed on ${addon}`);
  checkAddon(join(folder, addon));
  return folder;
}

/** The cluster's package: npm/cluster with the program, and the licences of the linked libraries. */
function stageCluster() {
  const folder = join(OUT, CLUSTER.replace('/', '-').slice(1));
  const program = join(folder, basename(PROGRAM));
  if (!existsSync(PROGRAM)) throw new Failure(`${PROGRAM} is missing: run npm run build:cluster`);
  cpSync(join(root, 'npm', 'cluster'), folder, { recursive: true });
  copyFileSync(PROGRAM, program);
  copyLicences(folder, 'xform-cluster');
  if (capture('strip', ['--strip-all', program]) === null) throw new Failure(`strip failed on ${program}`);
  checkAddon(program);
  return folder;
}

/** Our own licence, and those of the libraries that the crate `linked` links. */
function copyLicences(folder, linked) {
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'NOTICE'), notice(linked));
}

function checkAddon(addon) {
  const dynamic = capture('readelf', ['--dynamic', '--wide', addon]);
  if (dynamic === null) throw new Failure(`readelf cannot read ${addon}`);
  const needed = [...dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((match) => match[1]);
  const foreign = needed.filter((name) => !ALLOWED.test(name));
  if (foreign.length > 0) throw new Failure(`${basename(addon)} needs ${foreign.join(', ')}; it must be linked in.`);
  const glibc = capture('objdump', ['-T', addon])?.match(/GLIBC_2\.\d+/g) ?? [];
  const newest = glibc.map((name) => Number(name.split('.')[1])).sort((a, b) => b - a)[0];
  console.log(`${basename(addon)}: ${size(addon)}, needs ${needed.join(', ')}; glibc 2.${newest} or newer`);
}

/** The main package: the files that npm would pack here, and package.json for publication. */
function stageMain(platforms, version) {
  const folder = join(OUT, 'xform-native');
  const [{ files }] = JSON.parse(npm(['pack', '--dry-run', '--json', '--ignore-scripts'], root));
  for (const { path } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
  copyLicences(folder, ADDON);
  const { devDependencies, scripts, ava, ...manifest } = readJson(join(root, 'package.json'));
  manifest.optionalDependencies = Object.fromEntries(platforms.map(({ name, version }) => [name, version]));
  // Not an optional dependency: the cluster's program is installed only on request. npm keeps the versions equal.
  manifest.peerDependencies = { [CLUSTER]: version };
  manifest.peerDependenciesMeta = { [CLUSTER]: { optional: true } };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return folder;
}

function pack(folder) {
  const [{ filename, size: packed, unpackedSize }] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', OUT], folder),
  );
  const file = relative(root, join(OUT, filename));
  console.log(`${file}: ${mega(packed)} packed, ${mega(unpackedSize)} unpacked`);
}

function npm(args, cwd) {
  const output = capture('npm', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  if (output === null) throw new Failure(`npm ${args.join(' ')} failed in ${cwd}`);
  return output;
}

function size(file) {
  return mega(statSync(file).size);
}

function mega(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
