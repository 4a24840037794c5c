// scripts/rdkit.mjs on a small project that has the layout of RDKit's source and builds in a second.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import test, { type ExecutionContext } from 'ava';

const ROOT = join(__dirname, '..', '..');
const SCRIPT = join(ROOT, 'scripts', 'rdkit.mjs');
const CODE = [
  'RDGeneral',
  'GraphMol',
  'SubstructMatch',
  'SmilesParse',
  'ChemReactions',
  'MolDraw2D',
  'MolStandardize',
  'Descriptors',
  'FilterCatalog',
];
const LIBRARIES = [...CODE, 'Inchi', 'RDInchiLib'];
const INCHI_API = join('External', 'INCHI-API');
const OVERRIDES = /RDKIT_SOURCE_URL.*RDKIT_SOURCE_DIR.*RDKIT_PREFIX.*INCHI_SOURCE_URL.*INCHI_SOURCE_DIR/s;

interface Place {
  folder: string;
  tree: string;
  archive: string;
  /** A source tree of InChI. */
  inchi: string;
  cache: string;
}

test('RDKIT_SOURCE_URL: unpacks, patches, builds and installs once', (t) => {
  const place = makePlace(t);
  const url = pathToFileURL(place.archive).href;
  const first = rdkit(place, { RDKIT_SOURCE_URL: url, RDKIT_SOURCE_SHA256: sha256(place.archive) });
  t.is(first.status, 0, first.stderr);
  t.regex(first.stderr, /100 %, \d+ of \d+ objects/);
  const prefix = first.stdout.trim();
  t.is(dirname(prefix), place.cache);
  t.deepEqual(readdirSync(join(prefix, 'lib')).sort(), LIBRARIES.map((name) => `libRDKit${name}_static.a`).sort());
  t.is(readFileSync(join(prefix, 'include', 'rdkit', 'RDGeneral', 'enum.h'), 'utf8'), '// patched\n');
  t.false(existsSync(join(prefix, 'include', 'rdkit', 'GraphMol', 'Wrap')));
  t.true(existsSync(join(prefix, 'include', 'rdkit', 'GraphMol', 'inchi.h')));
  t.true(existsSync(join(prefix, 'licenses', 'license.txt')));
  t.true(existsSync(join(prefix, 'licenses', 'inchi.txt')));

  const second = rdkit(place, { RDKIT_SOURCE_URL: url, RDKIT_SOURCE_SHA256: sha256(place.archive) });
  t.is(second.stdout.trim(), prefix);
  t.is(second.stderr, '', 'nothing is built a second time');
  t.is(rdkit(place, {}).stdout.trim(), prefix, 'the build in the cache serves without the variable too');
  t.is(rdkit(place, { RDKIT_PREFIX: prefix }).stdout.trim(), prefix);
  t.is(rdkit(place, {}, ['--print-prefix']).stdout.trim(), prefix);
});

test('RDKIT_SOURCE_DIR: a tree that already has its patches is built and left unchanged', (t) => {
  const place = makePlace(t);
  execFileSync('patch', ['-p1', '-s', '-i', join('debian', 'patches', 'enum.patch')], { cwd: place.tree });
  const before = execFileSync('find', [place.tree, '-type', 'f'], { encoding: 'utf8' });
  const done = rdkit(place, { RDKIT_SOURCE_DIR: place.tree });
  t.is(done.status, 0, done.stderr);
  t.is(execFileSync('find', [place.tree, '-type', 'f'], { encoding: 'utf8' }), before);
});

test('a wrong checksum, a wrong version and a missing archive stop before the build', (t) => {
  const place = makePlace(t);
  const url = pathToFileURL(place.archive).href;
  refused(t, rdkit(place, { RDKIT_SOURCE_URL: url, RDKIT_SOURCE_SHA256: '00' }), /RDKIT_SOURCE_SHA256 is 00/);
  refused(t, rdkit(place, { RDKIT_SOURCE_URL: `${url}.gone` }), /could not be read.*ENOENT/);
  refused(t, rdkit(place, { RDKIT_SOURCE_URL: 'rdkit.tar.gz' }), /is not a URL/);
  writeFileSync(join(place.tree, 'CMakeLists.txt'), cmake('2024'));
  refused(t, rdkit(place, { RDKIT_SOURCE_DIR: place.tree }), /is RDKit 2024\.03\.1; version 2025\.03\.1 is pinned/);
  refused(t, rdkit(place, { RDKIT_SOURCE_DIR: place.folder }), /no CMakeLists\.txt/);
  t.deepEqual(left(place), []);
});

test("InChI's source: an archive, a folder INCHI-1-SRC, or RDKit's own tree; the version is checked", (t) => {
  const place = makePlace(t);
  const built = (variables: NodeJS.ProcessEnv) => {
    const done = rdkit(place, { RDKIT_SOURCE_DIR: place.tree, ...variables });
    t.is(done.status, 0, done.stderr);
    return JSON.parse(readFileSync(join(done.stdout.trim(), 'build.json'), 'utf8')).origins.inchi.kind;
  };
  const archive = join(place.folder, 'inchi.tar.xz');
  execFileSync('tar', ['-cJf', archive, '-C', place.folder, 'InChI-1.07.3']);
  const url = pathToFileURL(archive).href;
  t.is(built({ INCHI_SOURCE_DIR: '', INCHI_SOURCE_URL: url, INCHI_SOURCE_SHA256: sha256(archive) }), 'archive');
  t.is(built({ INCHI_SOURCE_DIR: join(place.inchi, 'INCHI-1-SRC') }), 'folder', 'another source: built again');

  const other = makeInchi(join(place.folder, 'other'), '1.06');
  const refusal = (variables: NodeJS.ProcessEnv, message: RegExp) =>
    refused(t, rdkit(place, { RDKIT_SOURCE_DIR: place.tree, ...variables }), message);
  refusal({ INCHI_SOURCE_DIR: other }, /other has InChI 1\.06; version 1\.07\.3 is pinned/);
  refusal({ INCHI_SOURCE_DIR: place.tree }, /has no INCHI-1-SRC or INCHI_BASE/);
  refusal({ INCHI_SOURCE_DIR: '', INCHI_SOURCE_URL: url, INCHI_SOURCE_SHA256: '00' }, /INCHI_SOURCE_SHA256 is 00/);

  rmSync(place.cache, { recursive: true });
  cpSync(join(other, 'INCHI-1-SRC'), join(place.tree, INCHI_API, 'src'), { recursive: true });
  refusal({ INCHI_SOURCE_DIR: '' }, /RDKit's tree has InChI 1\.06/);
  t.is(built({}), 'folder', "a variable's source takes the place of the tree's own");
  rmSync(place.cache, { recursive: true });
  cpSync(join(place.inchi, 'INCHI-1-SRC'), join(place.tree, INCHI_API, 'src'), { recursive: true });
  t.is(built({ INCHI_SOURCE_DIR: '' }), 'apt', 'nothing is fetched');
});

test('on a machine whose apt lacks the source packages, the error lists the alternatives', (t) => {
  const place = makePlace(t);
  const bin = join(place.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  refused(t, rdkit(place, { PATH: bin }), OVERRIDES);
});

test('an RDKIT_PREFIX without a build, or with a different version, is refused with the reason', (t) => {
  const place = makePlace(t);
  refused(t, rdkit(place, { RDKIT_PREFIX: place.folder }), /libRDKitChemReactions_static\.a is missing/);
  t.is(rdkit(place, { RDKIT_SOURCE_DIR: place.tree }).status, 0);
  const prefix = join(place.cache, left(place).find((name) => name.startsWith('rdkit-')) as string);
  writeFileSync(join(prefix, 'lib', 'libRDKitRDGeneral_static.a'), '2024.09.1\0');
  refused(t, rdkit(place, { RDKIT_PREFIX: prefix }), /it is not RDKit 2025\.03\.1/);
});

test('a failed build names its log, which is kept', (t) => {
  const place = makePlace(t);
  writeFileSync(join(place.tree, 'Code', 'GraphMol', 'GraphMol.cpp'), 'this is not C++\n');
  const done = rdkit(place, { RDKIT_SOURCE_DIR: place.tree });
  refused(t, done, /Building RDKit failed.*Full log: /s);
  const log = /Full log: (.+)/.exec(done.stderr)?.[1] as string;
  t.regex(readFileSync(log, 'utf8'), /error: 'this' does not name a type|error:/);
  t.deepEqual(left(place), []);
});

test('a killed build leaves no partial prefix, and the next one clears up', async (t) => {
  const place = makePlace(t);
  const child = spawn(process.execPath, [SCRIPT], {
    env: environment(place, { RDKIT_SOURCE_DIR: place.tree, FAKE_RDKIT_SECONDS: '5' }),
    stdio: 'ignore',
  });
  while (!left(place).some((name) => name.startsWith('.build-'))) await sleep(20);
  await sleep(300);
  child.kill('SIGKILL');
  await new Promise((closed) => child.on('close', closed));
  t.false(left(place).some((name) => /^rdkit-[\w.-]*[0-9a-f]{12}$/.test(name)));
  t.is(rdkit(place, { RDKIT_SOURCE_DIR: place.tree }).status, 0);
  t.deepEqual(
    left(place).filter((name) => !/^rdkit-2025\.03\.1-[0-9a-f]{12}$/.test(name)),
    [],
  );
});

test("if two builds run at once, one waits and uses the other's result", async (t) => {
  const place = makePlace(t);
  const env = environment(place, { RDKIT_SOURCE_DIR: place.tree, FAKE_RDKIT_SECONDS: '1' });
  const both = await Promise.all([collect(env), collect(env)]);
  t.deepEqual(
    both.map(({ status }) => status),
    [0, 0],
  );
  t.is(both[0]?.stdout, both[1]?.stdout);
  const said = both.map(({ stderr }) => stderr).join('');
  t.is(said.match(/building from/g)?.length, 1, said);
  t.is(said.match(/Another process is building/g)?.length, 1, said);
});

test("deb-src entries are derived from either form of apt's sources, with their keys", async (t) => {
  const { sourceEntries } = await import(pathToFileURL(join(ROOT, 'scripts', 'lib', 'apt-sources.mjs')).href);
  const entries = (files: { file: string; text: string }[]) =>
    sourceEntries(files, 'trixie').map(({ text }: { text: string }) => text);
  const made = (uri: string, trust = '') => `Types: deb-src\nURIs: ${uri}\nSuites: trixie\nComponents: main\n${trust}`;
  const list = [
    '# deb http://commented.example/debian bookworm main',
    'deb http://third.example/tool bookworm main',
    'deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm main contrib # x',
    'deb http://mirror.example/debian-security bookworm-security main',
    'deb http://ubuntu.example/ubuntu noble main',
  ].join('\n');
  t.deepEqual(entries([{ file: 'sources.list', text: list }]), [
    made('http://mirror.example/debian', 'signed-by: /usr/share/keyrings/debian.gpg\n'),
    made('http://third.example/tool'),
  ]);
  const deb822 = [
    'Types: deb',
    '# a comment',
    'URIs: mirror+file:/etc/apt/mirrors/debian.list',
    'Suites: bookworm bookworm-updates',
    'Components: main',
    'Signed-By:',
    ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
    ' .',
    ' AAAA',
    '',
    'Enabled: no',
    'Types: deb',
    'URIs: http://disabled.example/debian',
    'Suites: sid',
    'Components: main',
  ].join('\n');
  t.deepEqual(entries([{ file: 'debian.sources', text: deb822 }]), [
    made('mirror+file:/etc/apt/mirrors/debian.list', 'signed-by:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n AAAA\n'),
  ]);
  t.deepEqual(entries([{ file: 'ubuntu.list', text: 'deb http://ubuntu.example/ubuntu noble main\n' }]), []);
});

/** A folder with a source tree, an archive of it, and an empty cache. */
function makePlace(t: ExecutionContext): Place {
  const folder = mkdtempSync(join(tmpdir(), 'xform-rdkit-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const tree = join(folder, 'rdkit-Release');
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  };
  write('CMakeLists.txt', cmake('2025'));
  write('license.txt', 'a licence\n');
  for (const name of CODE) {
    write(`Code/${name}/${name}.cpp`, 'const char *version() { return "2025.03.1"; }\n');
    write(`Code/${name}/CMakeLists.txt`, library(name, `${name}.cpp`));
  }
  write(join(INCHI_API, 'inchi.cpp'), '');
  write(join(INCHI_API, 'inchi.h'), '');
  write(
    join(INCHI_API, 'CMakeLists.txt'),
    library('RDInchiLib', 'inchi.cpp') + library('Inchi', 'src/INCHI_BASE/src/ichican2.c'),
  );
  write('Code/GraphMol/ChemReactions/Reaction.h', '');
  write('Code/GraphMol/Wrap/wrap.h', '');
  write('debian/patches/series', "# Debian's\nenum.patch\n");
  write('debian/patches/enum.patch', '--- /dev/null\n+++ b/Code/RDGeneral/enum.h\n@@ -0,0 +1 @@\n+// patched\n');
  for (const { file, before } of ownPatches()) write(file, before);
  const inchi = makeInchi(join(folder, 'InChI-1.07.3'), '1.07.3');
  const archive = join(folder, 'rdkit.tar.xz');
  execFileSync('tar', ['-cJf', archive, '-C', folder, 'rdkit-Release']);
  return { folder, tree, archive, inchi, cache: join(folder, 'cache', 'xform-native') };
}

/** A source tree of InChI, as its release has it. */
function makeInchi(folder: string, version: string): string {
  const code = join(folder, 'INCHI-1-SRC', 'INCHI_BASE', 'src');
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'ichican2.c'), 'int inchi;\n');
  writeFileSync(join(code, 'bcf_s.h'), `#define CURRENT_VER "${version}" /* a comment */\n`);
  return folder;
}

/** The lines of CMake for a static library with the name that RDKit would give it. */
function library(name: string, source: string): string {
  const target = `${name}_static`;
  const output = `set_target_properties(${target} PROPERTIES OUTPUT_NAME RDKit${target})`;
  return `add_library(${target} STATIC ${source})\n${output}\n`;
}

/** What each of our patches applies to, as far as the patch itself shows. */
function ownPatches(): { file: string; before: string }[] {
  const folder = join(ROOT, 'crate', 'rdkit-sys', 'patches');
  return readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const lines = text.slice(text.indexOf('\n@@')).split('\n');
    const before = lines.filter((line) => /^[ -]/.test(line)).map((line) => `${line.slice(1)}\n`);
    return { file: /^--- a\/(.*)$/m.exec(text)?.[1] as string, before: before.join('') };
  });
}

function cmake(year: string): string {
  return [
    'cmake_minimum_required(VERSION 3.18)',
    'project(RDKit C CXX)',
    `set(RDKit_Year "${year}")`,
    'set(RDKit_Month "03")',
    'set(RDKit_Revision "1")',
    'if(DEFINED ENV{FAKE_RDKIT_SECONDS})',
    '  execute_process(COMMAND sleep $ENV{FAKE_RDKIT_SECONDS})',
    'endif()',
    ...CODE.map((name) => `add_subdirectory(Code/${name})`),
    'add_subdirectory(External/INCHI-API)',
    `add_dependencies(MolDraw2D_static ${CODE.slice(0, -1)
      .map((name) => `${name}_static`)
      .join(' ')})`,
    'add_dependencies(RDInchiLib_static Inchi_static)',
  ].join('\n');
}

function environment(place: Place, variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = Object.entries(process.env).filter(([name]) => !/^(RDKIT|INCHI)_/.test(name));
  return {
    ...Object.fromEntries(rest),
    XDG_CACHE_HOME: dirname(place.cache),
    INCHI_SOURCE_DIR: place.inchi,
    ...variables,
  };
}

function rdkit(place: Place, variables: NodeJS.ProcessEnv, args: string[] = []) {
  return spawnSync(process.execPath, [SCRIPT, ...args], { env: environment(place, variables), encoding: 'utf8' });
}

function refused(t: ExecutionContext, done: { status: number | null; stderr: string }, message: RegExp): void {
  t.is(done.status, 1, done.stderr);
  t.regex(done.stderr, message);
}

/** The files that a build left in the cache, without the archives that it downloaded. */
function left(place: Place): string[] {
  if (!existsSync(place.cache)) return [];
  return readdirSync(place.cache).filter((name) => name !== 'downloads' && !name.endsWith('.log'));
}

function sha256(file: string): string {
  return execFileSync('sha256sum', [file], { encoding: 'utf8' }).split(' ')[0] as string;
}

function collect(env: NodeJS.ProcessEnv): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [SCRIPT], { env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes) => {
      stdout += bytes;
    });
    child.stderr.on('data', (bytes) => {
      stderr += bytes;
    });
    child.on('close', (status) => done({ status, stdout, stderr }));
  });
}
