"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
// apply() on the built addon: what it writes, what it returns, and what each option changes.
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const ava_1 = __importDefault(require("ava"));
const xform_native_1 = require("xform-native");
const util_1 = require("./util");
(0, ava_1.default)('the sample gives the figures that RDKit in Python gives', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const summary = await (0, xform_native_1.apply)((0, util_1.job)(folder));
    t.like(summary, {
        format: 1,
        transform: util_1.OME,
        source_file: util_1.plants,
        total_input: 1000,
        total_processed: 1000,
        total_products: 944,
        unique_products: 939,
        rejected_rows: 0,
        stats: { success: 380, no_site: 620, all_sites_excluded: 0, rejected: 0 },
        columns: { smiles: 'smiles', id: 'coconut_id', kept: [] },
    });
    const [only] = summary.transforms;
    t.is(summary.transforms.length, 1);
    t.like(only, { name: util_1.OME, sums: { rows: 1000, results: 981, products: 944, unique: 939, duplicates: 5 } });
    t.deepEqual(summary.engine, { name: 'RDKit', version: '2025.03.1' });
});
(0, ava_1.default)('the files hold what the summary says', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const summary = await (0, xform_native_1.apply)((0, util_1.job)(folder));
    const outdir = (0, node_path_1.join)(folder, 'out');
    t.deepEqual((0, node_fs_1.readdirSync)(outdir).sort(), ['SUMMARY.json', 'products.parquet', 'rejects.parquet']);
    t.deepEqual(JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(outdir, 'SUMMARY.json'), 'utf8')), summary);
    const products = await (0, util_1.readParquet)((0, node_path_1.join)(outdir, 'products.parquet'));
    t.is(products.length, summary.files.products.rows);
    t.is(new Set(products.map(({ smiles }) => smiles)).size, products.length);
    t.deepEqual(Object.keys(products[0] ?? {}), [
        'smiles',
        'source_row',
        'source_id',
        'source_smiles',
        'xf_name',
        'xf_code',
        'xf_label',
        'product_index',
        'xf_site_index',
        'xf_site_atoms',
        'xf_site_count',
        'product_site_atoms',
    ]);
    const library = await (0, util_1.readParquet)(util_1.plants);
    for (const { source_row, source_id, source_smiles } of products) {
        const source = library[Number(source_row)];
        t.like(source, { coconut_id: source_id, smiles: source_smiles });
    }
});
(0, ava_1.default)('what is left out has the documented default', async (t) => {
    const { options } = await (0, xform_native_1.check)((0, util_1.job)('unused'));
    t.like(options, {
        dedup: xform_native_1.defaultApplyOptions.dedup,
        bloom_expected_items: xform_native_1.defaultApplyOptions.bloomExpectedItems,
        bloom_fp_rate: xform_native_1.defaultApplyOptions.bloomFpRate,
        batch_size: xform_native_1.defaultApplyOptions.batchSize,
        flush_interval: xform_native_1.defaultApplyOptions.flushInterval,
        force: xform_native_1.defaultApplyOptions.force,
        max_rejects: null,
        max_sites: null,
        exclude_sugar_like: null,
    });
    t.deepEqual(options['target_memory'], { percent: xform_native_1.defaultApplyOptions.targetMemory });
    const workers = Number(options['workers']);
    t.true(workers >= 1 && workers <= (0, node_os_1.availableParallelism)());
    t.is(options['max_in_flight'], 2 * workers);
});
(0, ava_1.default)('undefined is the same as leaving out', async (t) => {
    const bare = await (0, xform_native_1.check)((0, util_1.job)('unused'));
    const explicit = await (0, xform_native_1.check)((0, util_1.job)('unused', { workers: undefined, dedup: undefined, keepColumns: undefined }));
    t.deepEqual(explicit, bare);
});
(0, ava_1.default)('check writes nothing and reports the plan', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const report = await (0, xform_native_1.check)((0, util_1.job)(folder, { xfName: 'all' }));
    t.is(report.rows, 1000);
    t.is(report.transforms.length, 32);
    t.deepEqual(report.columns, { smiles: 'smiles', id: 'coconut_id', kept: [] });
    t.deepEqual((0, node_fs_1.readdirSync)(folder), []);
});
(0, ava_1.default)('smilesColumn, idColumn and keepColumns choose the columns', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const input = await (0, util_1.writeParquet)((0, node_path_1.join)(folder, 'library.parquet'), [
        { name: 'structure', data: ['Oc1ccccc1', 'CC'] },
        { name: 'name', data: ['phenol', 'ethane'] },
        { name: 'weight', data: [94.1, 30.1], type: 'DOUBLE' },
    ]);
    const columns = { input, smilesColumn: 'structure', idColumn: 'name' };
    const named = await (0, xform_native_1.apply)((0, util_1.job)(folder, { ...columns, keepColumns: ['weight'] }));
    t.deepEqual(named.columns, { smiles: 'structure', id: 'name', kept: ['weight'] });
    const [product] = await (0, util_1.readParquet)((0, node_path_1.join)(folder, 'out', 'products.parquet'));
    t.like(product, { smiles: 'COc1ccccc1', source_id: 'phenol', weight: 94.1 });
    const all = await (0, xform_native_1.apply)((0, util_1.job)(folder, { input, smilesColumn: 'structure', keepColumns: 'all', force: true }));
    t.deepEqual(all.columns, { smiles: 'structure', id: null, kept: ['name', 'weight'] });
});
(0, ava_1.default)('maxSites and excludeSugarLike act in place of the file', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const glucose = 'OCC1OC(O)C(O)C(O)C1O';
    const input = (0, util_1.writeSmiles)(folder, ['OCCCO', glucose]);
    const sums = async (changes) => (await (0, xform_native_1.apply)((0, util_1.job)(folder, { input, xfName: 'R3_F', force: true, ...changes }))).sums;
    const asInFile = await sums({});
    t.like(asInFile, { sites: 7, sites_applied: 2, sites_excluded_sugar: 5, rows_all_sites_excluded: 1 });
    t.like(await sums({ excludeSugarLike: false }), { sites: 7, sites_applied: 7, sites_excluded_sugar: 0 });
    t.like(await sums({ maxSites: 1 }), { sites_applied: 1, sites_excluded_limit: 1 });
    t.deepEqual(await sums({ excludeSugarLike: true, maxSites: -1 }), asInFile);
});
(0, ava_1.default)('several transforms run in file order, each once, whatever their order', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const summary = await (0, xform_native_1.apply)((0, util_1.job)(folder, { xfName: ['R3_F', util_1.OME, 'R3_F'] }));
    t.deepEqual(summary.transform, [util_1.OME, 'R3_F']);
    t.deepEqual(summary.transforms.map(({ name }) => name), [util_1.OME, 'R3_F']);
    t.is(summary.transforms[0]?.sums.unique, 939);
});
(0, ava_1.default)('dedup: none keeps what exact drops, bloom says what it may have lost', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const none = await (0, xform_native_1.apply)((0, util_1.job)(folder, { dedup: 'none' }));
    t.like(none, { unique_products: 944, dedup: { mode: 'none' }, sums: { duplicates: 0 } });
    const small = { bloomExpectedItems: 10_000, bloomFpRate: 0.0001 };
    const bloom = await (0, xform_native_1.apply)((0, util_1.job)(folder, { dedup: 'bloom', ...small, force: true }));
    t.like(bloom.dedup, { mode: 'bloom', bloom: { expected_items: 10_000, fp_rate: 0.0001, overfilled: false } });
    t.is(bloom.sums.duplicates, undefined);
    t.is(bloom.sums.unique + (bloom.sums.dropped_as_seen ?? 0), 944);
    const lost = 939 - bloom.sums.unique;
    t.true(lost >= 0 && lost <= 3 + 3 * (bloom.dedup.bloom?.expected_lost ?? 0), `${lost} lost`);
    const tiny = await (0, xform_native_1.apply)((0, util_1.job)(folder, { dedup: 'bloom', bloomExpectedItems: 10, bloomFpRate: 0.5, force: true }));
    t.true(tiny.dedup.bloom?.overfilled);
    t.true(tiny.unique_products < 939);
    t.true(tiny.warnings.some((warning) => warning.includes('--bloom-expected-items')));
    t.true((tiny.dedup.bloom?.bytes ?? 0) < (bloom.dedup.bloom?.bytes ?? 0));
});
(0, ava_1.default)('workers, batchSize, maxInFlight, flushInterval and targetMemory act, and change no product', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const input = await (0, util_1.writeLargeLibrary)(folder, 5000);
    const timing = { batchSize: 500, maxInFlight: 2, flushInterval: 100, targetMemory: '1GiB', workers: 3 };
    const threads = new Set();
    const slow = await (0, xform_native_1.apply)((0, util_1.job)(folder, { input, ...timing }), { onProgress: () => addThreadNames(threads) });
    t.true(slow.peak_batches_in_flight >= 1 && slow.peak_batches_in_flight <= 2);
    t.is(slow.memory.target_bytes, 2 ** 30);
    t.deepEqual([...threads].filter((name) => name.startsWith('xform-worker')).sort(), [
        'xform-worker-0',
        'xform-worker-1',
        'xform-worker-2',
    ]);
    const wide = { batchSize: 50, maxInFlight: 50, flushInterval: 1_000_000, targetMemory: 10, workers: 1 };
    const wideRun = await (0, xform_native_1.apply)((0, util_1.job)(folder, { input, ...wide, force: true }));
    t.true(wideRun.peak_batches_in_flight > 2);
    t.true(wideRun.peak_buffered_products > slow.peak_buffered_products);
    t.is(wideRun.memory.target_bytes, Math.floor(wideRun.memory.limit_bytes / 10));
    t.is(wideRun.files.products.sha256, slow.files.products.sha256);
});
/** Linux shows the threads of a process with their names. */
function addThreadNames(names) {
    for (const thread of (0, node_fs_1.readdirSync)('/proc/self/task')) {
        try {
            names.add((0, node_fs_1.readFileSync)(`/proc/self/task/${thread}/comm`, 'utf8').trim());
        }
        catch {
            // The thread has ended in between.
        }
    }
}
(0, ava_1.default)('force replaces an earlier run, and nothing else does', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    await (0, xform_native_1.apply)((0, util_1.job)(folder));
    await t.throwsAsync((0, xform_native_1.apply)((0, util_1.job)(folder)), { code: 'XFORM_OUTPUT_EXISTS' });
    const again = await (0, xform_native_1.apply)((0, util_1.job)(folder, { force: true, dedup: 'none' }));
    t.is(again.unique_products, 944);
    t.deepEqual((0, util_1.finalFiles)((0, node_path_1.join)(folder, 'out')).length, 3);
});
(0, ava_1.default)('a row that RDKit refuses is a reject record', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const input = (0, util_1.writeSmiles)(folder, ['Oc1ccccc1', 'no smiles', 'c1ccccc1(C)(C)C']);
    const summary = await (0, xform_native_1.apply)((0, util_1.job)(folder, { input, maxRejects: 0 }));
    t.is(summary.rejected_rows, 2);
    t.is(summary.options['max_rejects'], 0);
    const rejects = await (0, util_1.readParquet)((0, node_path_1.join)(folder, 'out', 'rejects.parquet'));
    t.deepEqual(rejects.map(({ source_row, source_id, stage }) => [Number(source_row), source_id, stage]), [
        [1, 'smiles row-1', 'parse'],
        [2, 'row-2', 'parse'],
    ]);
});
const wrongTypes = [
    ['--input', { input: 7 }],
    ['--input', { input: '' }],
    ['--outdir', { outdir: undefined }],
    ['--xf-config', { xfConfig: null }],
    ['--xf-name', { xfName: [util_1.OME, 3] }],
    ['--smiles-column', { smilesColumn: 1 }],
    ['--keep-columns', { keepColumns: 'some' }],
    ['--max-sites', { maxSites: 1.5 }],
    ['--max-sites', { maxSites: 0 }],
    ['--exclude-sugar-like', { excludeSugarLike: 'yes' }],
    ['--dedup', { dedup: 'fuzzy' }],
    ['--bloom-expected-items', { dedup: 'bloom', bloomExpectedItems: -1 }],
    ['--bloom-expected-items', { dedup: 'bloom', bloomExpectedItems: 1e15 }],
    ['--bloom-fp-rate', { bloomFpRate: Number.NaN }],
    ['--bloom-fp-rate', { bloomFpRate: 1 }],
    ['--max-rejects', { maxRejects: -1 }],
    ['--batch-size', { batchSize: 0 }],
    ['--workers', { workers: 100_000 }],
    ['--max-in-flight', { maxInFlight: 0 }],
    ['--flush-interval', { flushInterval: '1' }],
    ['--target-memory', { targetMemory: 101 }],
    ['--target-memory', { targetMemory: 'much' }],
    ['--force', { force: 1 }],
    ['batchsize', { batchsize: 1 }],
];
for (const [option, changes] of wrongTypes) {
    (0, ava_1.default)(`${JSON.stringify(changes)} is refused as ${option}`, async (t) => {
        const folder = (0, util_1.temporaryFolder)(t);
        const options = { ...(0, util_1.job)(folder), ...changes };
        const error = await t.throwsAsync((0, xform_native_1.apply)(options), { instanceOf: xform_native_1.OptionError, code: 'XFORM_INVALID_OPTION' });
        t.is(error?.details['option'], option);
        t.true(error?.message.startsWith(option));
        t.deepEqual((0, node_fs_1.readdirSync)(folder), []);
    });
}
(0, ava_1.default)('names that the file does not have are refused with what was probably meant', async (t) => {
    const error = await t.throwsAsync((0, xform_native_1.check)((0, util_1.job)('unused', { xfName: 'FG_PHENOL_OH__OH__TO__OMee' })), {
        name: 'ConfigError',
        code: 'XFORM_UNKNOWN_TRANSFORM',
    });
    t.like(error.details, { path: util_1.config, suggestion: util_1.OME });
});
