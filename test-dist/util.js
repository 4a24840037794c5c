"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.OME = exports.config = exports.plants = exports.main = exports.root = void 0;
exports.temporaryFolder = temporaryFolder;
exports.job = job;
exports.jobArguments = jobArguments;
exports.finalFiles = finalFiles;
exports.xform = xform;
exports.run = run;
exports.summaryOf = summaryOf;
exports.readParquet = readParquet;
exports.writeParquet = writeParquet;
exports.writeSmiles = writeSmiles;
exports.writeLargeLibrary = writeLargeLibrary;
exports.writeTransforms = writeTransforms;
/** What the tests share: the job they run, folders of their own, the command, Parquet in and out. */
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
exports.root = (0, node_path_1.join)(__dirname, '..');
exports.main = (0, node_path_1.join)(exports.root, 'dist', 'cli', 'main.js');
exports.plants = (0, node_path_1.join)(exports.root, 'examples', 'plants-1k.parquet');
exports.config = (0, node_path_1.join)(exports.root, 'configs', 'transforms.yaml');
exports.OME = 'FG_PHENOL_OH__OH__TO__OMe';
/** A folder that is gone when the test is over. */
function temporaryFolder(t) {
    const folder = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)((0, node_os_1.tmpdir)(), 'xform-test-'));
    t.teardown(() => (0, node_fs_1.rmSync)(folder, { recursive: true, force: true }));
    return folder;
}
/** The main job on the sample, into `folder/out`. */
function job(folder, changes = {}) {
    return { input: exports.plants, outdir: (0, node_path_1.join)(folder, 'out'), xfConfig: exports.config, xfName: exports.OME, ...changes };
}
/** The same as arguments of the command. */
function jobArguments(folder, ...more) {
    return ['apply', '-i', exports.plants, '-o', (0, node_path_1.join)(folder, 'out'), '--xf-config', exports.config, '--xf-name', exports.OME, ...more];
}
/** Which of a run's files stand under their final names in `outdir`. */
function finalFiles(outdir) {
    return ['SUMMARY.json', 'products.parquet', 'rejects.parquet'].filter((name) => (0, node_fs_1.existsSync)((0, node_path_1.join)(outdir, name)));
}
/** Runs the command to its end. */
function xform(args, launch = {}) {
    return run(process.execPath, [exports.main, ...args], launch);
}
function run(command, args, { env, cwd, timeout = 120_000, onStderr } = {}) {
    const child = (0, node_child_process_1.spawn)(command, args, {
        env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout,
        killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
        stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
        stderr += text;
        onStderr?.(stderr, child);
    });
    return new Promise((done, failed) => {
        child.on('error', failed);
        child.on('close', (status, signal) => done({ status, signal, stdout, stderr }));
    });
}
function summaryOf(ended) {
    return JSON.parse(ended.stdout);
}
/** All rows of a Parquet file. The readers are ES modules, which CommonJS reaches through `import()` alone. */
async function readParquet(path) {
    const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
    const { compressors } = await import('hyparquet-compressors');
    return parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
}
async function writeParquet(path, columns, rowGroupSize = 100_000) {
    const { parquetWriteBuffer } = await import('hyparquet-writer');
    const columnData = columns.map(({ name, data, type }) => ({ name, data, type: type ?? 'STRING' }));
    (0, node_fs_1.writeFileSync)(path, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize })));
    return path;
}
function writeSmiles(folder, smiles) {
    const path = (0, node_path_1.join)(folder, 'library.smi');
    (0, node_fs_1.writeFileSync)(path, smiles.map((text, row) => `${text} row-${row}\n`).join(''));
    return path;
}
/** The sample, over and over, with `rows` rows. */
async function writeLargeLibrary(folder, rows) {
    const sample = (await readParquet(exports.plants)).map(({ smiles }) => smiles);
    const data = Array.from({ length: rows }, (_, row) => sample[row % sample.length]);
    return writeParquet((0, node_path_1.join)(folder, `library-${rows}.parquet`), [{ name: 'smiles', data }]);
}
/** Writes a transform file of one or more `name: smirks`. */
function writeTransforms(folder, transforms) {
    const path = (0, node_path_1.join)(folder, 'transforms.yaml');
    const items = Object.entries(transforms).map(([name, smirks]) => `  - {name: ${name}, smirks: "${smirks}"}\n`);
    (0, node_fs_1.writeFileSync)(path, `version: 1\ntransforms:\n${items.join('')}`);
    return path;
}
