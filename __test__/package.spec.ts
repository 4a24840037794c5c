// The packed packages work without a compiler, a network or an npm cache.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test from 'ava';

const ROOT = join(__dirname, '..');
const PACKAGES = join(ROOT, 'out', 'packages');

test.before(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'package.mjs'), '--no-build'], { stdio: 'pipe' });
});

test('the tarballs, installed into an empty folder, run the main job', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'xform-package-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const tarballs = [...tarballsIn(PACKAGES), ...packDependencies(folder)];
  t.true(tarballs.length >= 3);

  const bare = bareEnvironment(folder);
  t.is(spawnSync('g++', ['--version'], { env: bare }).error?.message, 'spawnSync g++ ENOENT');
  const app = join(folder, 'app');
  mkdirSync(app);
  npm(['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs], app, bare);

  copyFileSync(join(ROOT, 'examples', 'plants-1k.parquet'), join(app, 'library.parquet'));
  const bin = join(app, 'node_modules', '.bin', 'xform-native');
  const config = join(app, 'node_modules', 'xform-native', 'configs', 'transforms.yaml');
  const args = ['apply', '--input', 'library.parquet', '--outdir', 'out', '--xf-config', config];
  const done = spawnSync(bin, [...args, '--xf-name', 'FG_PHENOL_OH__OH__TO__OMe', '--json'], {
    cwd: app,
    env: bare,
    encoding: 'utf8',
  });
  t.is(done.status, 0, done.stderr);
  const summary = JSON.parse(readFileSync(join(app, 'out', 'SUMMARY.json'), 'utf8'));
  t.is(summary.total_input, 1000);
  t.is(summary.unique_products, 939);
  t.deepEqual(JSON.parse(done.stdout).files, summary.files);
  t.deepEqual(readdirSync(join(app, 'out')).sort(), ['SUMMARY.json', 'products.parquet', 'rejects.parquet']);

  const demo = spawnSync(bin, ['demo'], { cwd: app, env: bare, encoding: 'utf8' });
  t.is(demo.status, 0, demo.stderr);
  t.true(existsSync(join(app, 'xform-native-demo', 'gallery.html')));
});

test('the main package contains the pages', (t) => {
  const main = tarballsIn(PACKAGES).find((tarball) => /xform-native-[\d.]+\.tgz$/.test(tarball)) ?? '';
  const files = execFileSync('tar', ['-tzf', main], { encoding: 'utf8' }).split('\n');
  for (const name of ['gallery', 'report']) t.true(files.includes(`package/dist/pages/${name}.html`), name);
});

test('the platform package contains the licences of the linked libraries', (t) => {
  for (const tarball of tarballsIn(PACKAGES)) {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
    for (const file of ['LICENSE', 'NOTICE', 'README.md', 'package.json'])
      t.true(files.includes(`package/${file}`), file);
    t.deepEqual(
      files.filter((file) => /\.(ts|rs|cc|h|map)$/.test(file) && !file.endsWith('index.d.ts')),
      [],
    );
  }
});

function tarballsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(folder, name));
}

/** What the package depends on, from this checkout's modules, because the installation must not need a network. */
function packDependencies(folder: string): string[] {
  for (const place of dependenciesOf(ROOT)) {
    npm(['pack', '--ignore-scripts', '--pack-destination', folder], place);
  }
  return tarballsIn(folder);
}

/** The folders of the modules that the package in `folder` depends on, directly and through others. */
function dependenciesOf(folder: string, known: Set<string> = new Set()): Set<string> {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: object;
  };
  const { resolve } = createRequire(join(folder, 'package.json'));
  const places = Object.keys(dependencies).map((name) =>
    resolve
      .paths(name)
      ?.map((modules) => join(modules, name))
      .find((place) => existsSync(place)),
  );
  for (const place of places) {
    if (place !== undefined && !known.has(place)) dependenciesOf(place, known.add(place));
  }
  return known;
}

/** A PATH with only node, and a home without an npm cache. */
function bareEnvironment(folder: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  symlinkSync('/bin/sh', join(bin, 'sh'));
  symlinkSync('/usr/bin/env', join(bin, 'env'));
  return { PATH: bin, HOME: join(folder, 'home'), npm_config_cache: join(folder, 'cache') };
}

function npm(args: string[], cwd: string, env = process.env): void {
  const cli = execFileSync('npm', ['root', '--global'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  execFileSync(process.execPath, [join(cli, 'npm', 'bin', 'npm-cli.js'), ...args], { cwd, env, stdio: 'pipe' });
}
