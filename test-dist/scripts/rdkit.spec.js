"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
// scripts/rdkit.mjs on a small project that is laid out like RDKit's source and builds in a second.
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const promises_1 = require("node:timers/promises");
const node_url_1 = require("node:url");
const ava_1 = __importDefault(require("ava"));
const ROOT = (0, node_path_1.join)(__dirname, '..', '..');
const SCRIPT = (0, node_path_1.join)(ROOT, 'scripts', 'rdkit.mjs');
const LIBRARIES = ['RDGeneral', 'GraphMol', 'SubstructMatch', 'SmilesParse', 'ChemReactions'];
const OVERRIDES = /RDKIT_SOURCE_URL.*RDKIT_SOURCE_DIR.*RDKIT_PREFIX/s;
(0, ava_1.default)('RDKIT_SOURCE_URL: unpacks, patches, builds and installs once', (t) => {
    const place = makePlace(t);
    const url = (0, node_url_1.pathToFileURL)(place.archive).href;
    const first = rdkit(place, { RDKIT_SOURCE_URL: url, RDKIT_SOURCE_SHA256: sha256(place.archive) });
    t.is(first.status, 0, first.stderr);
    t.regex(first.stderr, /100 %, \d+ of \d+ objects/);
    const prefix = first.stdout.trim();
    t.is((0, node_path_1.dirname)(prefix), place.cache);
    t.deepEqual((0, node_fs_1.readdirSync)((0, node_path_1.join)(prefix, 'lib')).sort(), LIBRARIES.map((name) => `libRDKit${name}_static.a`).sort());
    t.is((0, node_fs_1.readFileSync)((0, node_path_1.join)(prefix, 'include', 'rdkit', 'RDGeneral', 'enum.h'), 'utf8'), '// patched\n');
    t.false((0, node_fs_1.existsSync)((0, node_path_1.join)(prefix, 'include', 'rdkit', 'GraphMol', 'Wrap')));
    t.true((0, node_fs_1.existsSync)((0, node_path_1.join)(prefix, 'licenses', 'license.txt')));
    const second = rdkit(place, { RDKIT_SOURCE_URL: url, RDKIT_SOURCE_SHA256: sha256(place.archive) });
    t.is(second.stdout.trim(), prefix);
    t.is(second.stderr, '', 'nothing is built a second time');
    t.is(rdkit(place, {}).stdout.trim(), prefix, 'the build in the cache serves without the variable too');
    t.is(rdkit(place, { RDKIT_PREFIX: prefix }).stdout.trim(), prefix);
    t.is(rdkit(place, {}, ['--print-prefix']).stdout.trim(), prefix);
});
(0, ava_1.default)('RDKIT_SOURCE_DIR: a tree that has its patches already is built and left as it is', (t) => {
    const place = makePlace(t);
    (0, node_child_process_1.execFileSync)('patch', ['-p1', '-s', '-i', (0, node_path_1.join)('debian', 'patches', 'enum.patch')], { cwd: place.tree });
    const before = (0, node_child_process_1.execFileSync)('find', [place.tree, '-type', 'f'], { encoding: 'utf8' });
    const done = rdkit(place, { RDKIT_SOURCE_DIR: place.tree });
    t.is(done.status, 0, done.stderr);
    t.is((0, node_child_process_1.execFileSync)('find', [place.tree, '-type', 'f'], { encoding: 'utf8' }), before);
});
(0, ava_1.default)('a wrong checksum, a wrong version and a missing archive stop before the build', (t) => {
    const place = makePlace(t);
    const url = (0, node_url_1.pathToFileURL)(place.archive).href;
    refused(t, rdkit(place, { RDKIT_SOURCE_URL: url, RDKIT_SOURCE_SHA256: '00' }), /RDKIT_SOURCE_SHA256 is 00/);
    refused(t, rdkit(place, { RDKIT_SOURCE_URL: `${url}.gone` }), /could not be read.*ENOENT/);
    refused(t, rdkit(place, { RDKIT_SOURCE_URL: 'rdkit.tar.gz' }), /is not a URL/);
    (0, node_fs_1.writeFileSync)((0, node_path_1.join)(place.tree, 'CMakeLists.txt'), cmake('2024'));
    refused(t, rdkit(place, { RDKIT_SOURCE_DIR: place.tree }), /is RDKit 2024\.03\.1; version 2025\.03\.1 is pinned/);
    refused(t, rdkit(place, { RDKIT_SOURCE_DIR: place.folder }), /no CMakeLists\.txt/);
    t.deepEqual(left(place), []);
});
(0, ava_1.default)('a machine whose apt has no such source package is told the three other ways', (t) => {
    const place = makePlace(t);
    const bin = (0, node_path_1.join)(place.folder, 'bin');
    (0, node_fs_1.mkdirSync)(bin);
    (0, node_fs_1.symlinkSync)(process.execPath, (0, node_path_1.join)(bin, 'node'));
    refused(t, rdkit(place, { PATH: bin }), OVERRIDES);
});
(0, ava_1.default)('RDKIT_PREFIX that holds no build, or another version, is refused with what is wrong', (t) => {
    const place = makePlace(t);
    refused(t, rdkit(place, { RDKIT_PREFIX: place.folder }), /libRDKitChemReactions_static\.a is missing/);
    t.is(rdkit(place, { RDKIT_SOURCE_DIR: place.tree }).status, 0);
    const prefix = (0, node_path_1.join)(place.cache, left(place).find((name) => name.startsWith('rdkit-')));
    (0, node_fs_1.writeFileSync)((0, node_path_1.join)(prefix, 'lib', 'libRDKitRDGeneral_static.a'), '2024.09.1\0');
    refused(t, rdkit(place, { RDKIT_PREFIX: prefix }), /it is not RDKit 2025\.03\.1/);
});
(0, ava_1.default)('a failed build names its log, which stays', (t) => {
    const place = makePlace(t);
    (0, node_fs_1.writeFileSync)((0, node_path_1.join)(place.tree, 'Code', 'GraphMol', 'GraphMol.cpp'), 'this is no C++\n');
    const done = rdkit(place, { RDKIT_SOURCE_DIR: place.tree });
    refused(t, done, /Building RDKit failed.*The whole log: /s);
    const log = /The whole log: (.+)/.exec(done.stderr)?.[1];
    t.regex((0, node_fs_1.readFileSync)(log, 'utf8'), /error: 'this' does not name a type|error:/);
    t.deepEqual(left(place), []);
});
(0, ava_1.default)('a killed build leaves no half prefix, and the next one clears up', async (t) => {
    const place = makePlace(t);
    const child = (0, node_child_process_1.spawn)(process.execPath, [SCRIPT], {
        env: environment(place, { RDKIT_SOURCE_DIR: place.tree, FAKE_RDKIT_SECONDS: '5' }),
        stdio: 'ignore',
    });
    while (!left(place).some((name) => name.startsWith('.build-')))
        await (0, promises_1.setTimeout)(20);
    await (0, promises_1.setTimeout)(300);
    child.kill('SIGKILL');
    await new Promise((closed) => child.on('close', closed));
    t.false(left(place).some((name) => /^rdkit-[\w.-]*[0-9a-f]{12}$/.test(name)));
    t.is(rdkit(place, { RDKIT_SOURCE_DIR: place.tree }).status, 0);
    t.deepEqual(left(place).filter((name) => !/^rdkit-2025\.03\.1-[0-9a-f]{12}$/.test(name)), []);
});
(0, ava_1.default)('of two builds at once one waits and takes what the other made', async (t) => {
    const place = makePlace(t);
    const env = environment(place, { RDKIT_SOURCE_DIR: place.tree, FAKE_RDKIT_SECONDS: '1' });
    const both = await Promise.all([collect(env), collect(env)]);
    t.deepEqual(both.map(({ status }) => status), [0, 0]);
    t.is(both[0]?.stdout, both[1]?.stdout);
    const said = both.map(({ stderr }) => stderr).join('');
    t.is(said.match(/building from/g)?.length, 1, said);
    t.is(said.match(/Another process is building/g)?.length, 1, said);
});
(0, ava_1.default)("deb-src entries are derived from either form of apt's sources, with their keys", async (t) => {
    const { sourceEntries } = await import((0, node_url_1.pathToFileURL)((0, node_path_1.join)(ROOT, 'scripts', 'lib', 'apt-sources.mjs')).href);
    const entries = (files) => sourceEntries(files, 'trixie').map(({ text }) => text);
    const made = (uri, trust = '') => `Types: deb-src\nURIs: ${uri}\nSuites: trixie\nComponents: main\n${trust}`;
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
function makePlace(t) {
    const folder = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)((0, node_os_1.tmpdir)(), 'xform-rdkit-'));
    t.teardown(() => (0, node_fs_1.rmSync)(folder, { recursive: true, force: true, maxRetries: 5 }));
    const tree = (0, node_path_1.join)(folder, 'rdkit-Release');
    const write = (file, text) => {
        (0, node_fs_1.mkdirSync)((0, node_path_1.dirname)((0, node_path_1.join)(tree, file)), { recursive: true });
        (0, node_fs_1.writeFileSync)((0, node_path_1.join)(tree, file), text);
    };
    write('CMakeLists.txt', cmake('2025'));
    write('license.txt', 'a licence\n');
    for (const name of LIBRARIES) {
        write(`Code/${name}/${name}.cpp`, 'const char *version() { return "2025.03.1"; }\n');
        const target = `${name}_static`;
        const output = `set_target_properties(${target} PROPERTIES OUTPUT_NAME RDKit${target})`;
        write(`Code/${name}/CMakeLists.txt`, `add_library(${target} STATIC ${name}.cpp)\n${output}\n`);
    }
    write('Code/GraphMol/ChemReactions/Reaction.h', '');
    write('Code/GraphMol/Wrap/wrap.h', '');
    write('debian/patches/series', "# Debian's\nenum.patch\n");
    write('debian/patches/enum.patch', '--- /dev/null\n+++ b/Code/RDGeneral/enum.h\n@@ -0,0 +1 @@\n+// patched\n');
    const archive = (0, node_path_1.join)(folder, 'rdkit.tar.xz');
    (0, node_child_process_1.execFileSync)('tar', ['-cJf', archive, '-C', folder, 'rdkit-Release']);
    return { folder, tree, archive, cache: (0, node_path_1.join)(folder, 'cache', 'xform-native') };
}
function cmake(year) {
    return [
        'cmake_minimum_required(VERSION 3.18)',
        'project(RDKit CXX)',
        `set(RDKit_Year "${year}")`,
        'set(RDKit_Month "03")',
        'set(RDKit_Revision "1")',
        'if(DEFINED ENV{FAKE_RDKIT_SECONDS})',
        '  execute_process(COMMAND sleep $ENV{FAKE_RDKIT_SECONDS})',
        'endif()',
        ...LIBRARIES.map((name) => `add_subdirectory(Code/${name})`),
        `add_dependencies(ChemReactions_static ${LIBRARIES.slice(0, -1)
            .map((name) => `${name}_static`)
            .join(' ')})`,
    ].join('\n');
}
function environment(place, variables) {
    const { RDKIT_PREFIX, RDKIT_SOURCE_DIR, RDKIT_SOURCE_URL, RDKIT_SOURCE_SHA256, ...rest } = process.env;
    return { ...rest, XDG_CACHE_HOME: (0, node_path_1.dirname)(place.cache), ...variables };
}
function rdkit(place, variables, args = []) {
    return (0, node_child_process_1.spawnSync)(process.execPath, [SCRIPT, ...args], { env: environment(place, variables), encoding: 'utf8' });
}
function refused(t, done, message) {
    t.is(done.status, 1, done.stderr);
    t.regex(done.stderr, message);
}
/** What a build left in the cache, without the archives that it downloaded. */
function left(place) {
    if (!(0, node_fs_1.existsSync)(place.cache))
        return [];
    return (0, node_fs_1.readdirSync)(place.cache).filter((name) => name !== 'downloads' && !name.endsWith('.log'));
}
function sha256(file) {
    return (0, node_child_process_1.execFileSync)('sha256sum', [file], { encoding: 'utf8' }).split(' ')[0];
}
function collect(env) {
    return new Promise((done) => {
        const child = (0, node_child_process_1.spawn)(process.execPath, [SCRIPT], { env });
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
