"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
// What `apply` writes equals what RDKit in Python gave: golden/README.md says how the files were made.
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const node_zlib_1 = require("node:zlib");
const ava_1 = __importDefault(require("ava"));
const xform_native_1 = require("xform-native");
const ROOT = (0, node_path_1.join)(__dirname, '..');
const GOLDEN = (0, node_path_1.join)(ROOT, '__test__', 'golden');
const SHOWN = 5;
const cases = JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(GOLDEN, 'cases.json'), 'utf8'));
for (const golden of cases) {
    (0, ava_1.default)(`${golden.name}: rows, rejects and sums are those of RDKit in Python`, async (t) => {
        const outdir = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)((0, node_os_1.tmpdir)(), 'xform-golden-'));
        t.teardown(() => (0, node_fs_1.rmSync)(outdir, { recursive: true }));
        const summary = await run(golden, outdir);
        const names = summary.transforms.map(({ name }) => name);
        const products = await readParquet((0, node_path_1.join)(outdir, 'products.parquet'));
        const recorded = (0, node_zlib_1.gunzipSync)((0, node_fs_1.readFileSync)((0, node_path_1.join)(GOLDEN, `${golden.name}.products.tsv.gz`))).toString('utf8');
        t.deepEqual(differences(productLines(products, names), bodyLines(recorded)), []);
        const rejects = await readParquet((0, node_path_1.join)(outdir, 'rejects.parquet'));
        const refused = (0, node_fs_1.readFileSync)((0, node_path_1.join)(GOLDEN, `${golden.name}.rejects.tsv`), 'utf8');
        t.deepEqual(differences(rejectLines(rejects, names), bodyLines(refused)), []);
        const sums = JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(GOLDEN, `${golden.name}.sums.json`), 'utf8'));
        t.deepEqual(names, Object.keys(sums));
        for (const entry of summary.transforms)
            t.like(entry.sums, sums[entry.name], entry.name);
    });
}
function run(golden, outdir) {
    return (0, xform_native_1.apply)({
        input: (0, node_path_1.join)(GOLDEN, golden.input),
        outdir,
        xfConfig: (0, node_path_1.join)(ROOT, golden.config),
        xfName: 'all',
        dedup: 'none',
        excludeSugarLike: golden.exclude_sugar_like,
        maxSites: golden.max_sites ?? -1,
        // Small enough that the rows of a case come from several batches and threads.
        batchSize: 64,
        workers: 2,
    });
}
// Both packages are ES modules, which CommonJS reaches through import() alone.
async function readParquet(path) {
    const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
    const { compressors } = await import('hyparquet-compressors');
    return parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
}
function productLines(rows, names) {
    return rows.map((row) => [
        row['source_row'],
        names.indexOf(row['xf_name']),
        row['product_index'],
        row['xf_site_index'],
        row['xf_site_count'],
        row['xf_site_atoms'],
        row['product_site_atoms'],
        row['smiles'],
    ].join('\t'));
}
function rejectLines(rows, names) {
    return rows.map((row) => {
        const transform = row['xf_name'] == null ? null : names.indexOf(row['xf_name']);
        return [row['source_row'], transform, row['xf_site_index'], row['stage'], row['code']].join('\t');
    });
}
function bodyLines(text) {
    return text.trimEnd().split('\n').slice(1);
}
/** The first lines that differ, in words; order counts, in products and in rejects. */
function differences(actual, expected) {
    const found = [];
    for (let i = 0; i < Math.max(actual.length, expected.length) && found.length < SHOWN; i += 1) {
        if (actual[i] !== expected[i])
            found.push(`line ${i}: written ${actual[i]}, recorded ${expected[i]}`);
    }
    return found;
}
