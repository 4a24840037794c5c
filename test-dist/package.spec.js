"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
// The packed packages work where there is no compiler, no network and no npm cache.
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const ava_1 = __importDefault(require("ava"));
const ROOT = (0, node_path_1.join)(__dirname, '..');
const PACKAGES = (0, node_path_1.join)(ROOT, 'out', 'packages');
ava_1.default.before(() => {
    (0, node_child_process_1.execFileSync)(process.execPath, [(0, node_path_1.join)(ROOT, 'scripts', 'package.mjs'), '--no-build'], { stdio: 'pipe' });
});
(0, ava_1.default)('the tarballs, installed into an empty folder, run the main job', (t) => {
    const folder = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)((0, node_os_1.tmpdir)(), 'xform-package-'));
    t.teardown(() => (0, node_fs_1.rmSync)(folder, { recursive: true }));
    const tarballs = [...tarballsIn(PACKAGES), packCommander(folder)];
    t.is(tarballs.length, 3);
    const bare = bareEnvironment(folder);
    t.is((0, node_child_process_1.spawnSync)('g++', ['--version'], { env: bare }).error?.message, 'spawnSync g++ ENOENT');
    const app = (0, node_path_1.join)(folder, 'app');
    (0, node_fs_1.mkdirSync)(app);
    npm(['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs], app, bare);
    (0, node_fs_1.copyFileSync)((0, node_path_1.join)(ROOT, 'examples', 'plants-1k.parquet'), (0, node_path_1.join)(app, 'library.parquet'));
    const bin = (0, node_path_1.join)(app, 'node_modules', '.bin', 'xform-native');
    const config = (0, node_path_1.join)(app, 'node_modules', 'xform-native', 'configs', 'transforms.yaml');
    const args = ['apply', '--input', 'library.parquet', '--outdir', 'out', '--xf-config', config];
    const done = (0, node_child_process_1.spawnSync)(bin, [...args, '--xf-name', 'FG_PHENOL_OH__OH__TO__OMe', '--json'], {
        cwd: app,
        env: bare,
        encoding: 'utf8',
    });
    t.is(done.status, 0, done.stderr);
    const summary = JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(app, 'out', 'SUMMARY.json'), 'utf8'));
    t.is(summary.total_input, 1000);
    t.is(summary.unique_products, 939);
    t.deepEqual(JSON.parse(done.stdout).files, summary.files);
    t.deepEqual((0, node_fs_1.readdirSync)((0, node_path_1.join)(app, 'out')).sort(), ['SUMMARY.json', 'products.parquet', 'rejects.parquet']);
});
(0, ava_1.default)('the platform package carries the licences of what is linked in', (t) => {
    for (const tarball of tarballsIn(PACKAGES)) {
        const files = (0, node_child_process_1.execFileSync)('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
        for (const file of ['LICENSE', 'NOTICE', 'README.md', 'package.json'])
            t.true(files.includes(`package/${file}`), file);
        t.deepEqual(files.filter((file) => /\.(ts|rs|cc|h|map)$/.test(file) && !file.endsWith('index.d.ts')), []);
    }
});
function tarballsIn(folder) {
    return (0, node_fs_1.readdirSync)(folder)
        .filter((name) => name.endsWith('.tgz'))
        .map((name) => (0, node_path_1.join)(folder, name));
}
/** The only dependency, from this checkout's modules: the installation is to need no network. */
function packCommander(folder) {
    npm(['pack', '--ignore-scripts', '--pack-destination', folder], (0, node_path_1.join)(ROOT, 'node_modules', 'commander'));
    return (0, node_path_1.join)(folder, (0, node_fs_1.readdirSync)(folder).find((name) => name.endsWith('.tgz')));
}
/** A PATH of node alone, and a home without an npm cache. */
function bareEnvironment(folder) {
    const bin = (0, node_path_1.join)(folder, 'bin');
    (0, node_fs_1.mkdirSync)(bin);
    (0, node_fs_1.symlinkSync)(process.execPath, (0, node_path_1.join)(bin, 'node'));
    (0, node_fs_1.symlinkSync)('/bin/sh', (0, node_path_1.join)(bin, 'sh'));
    (0, node_fs_1.symlinkSync)('/usr/bin/env', (0, node_path_1.join)(bin, 'env'));
    return { PATH: bin, HOME: (0, node_path_1.join)(folder, 'home'), npm_config_cache: (0, node_path_1.join)(folder, 'cache') };
}
function npm(args, cwd, env = process.env) {
    const cli = (0, node_child_process_1.execFileSync)('npm', ['root', '--global'], { encoding: 'utf8', stdio: 'pipe' }).trim();
    (0, node_child_process_1.execFileSync)(process.execPath, [(0, node_path_1.join)(cli, 'npm', 'bin', 'npm-cli.js'), ...args], { cwd, env, stdio: 'pipe' });
}
