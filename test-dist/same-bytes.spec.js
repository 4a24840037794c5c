"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
// The same products.parquet, byte for byte, whatever the run was given to go faster or to save memory.
const node_crypto_1 = require("node:crypto");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const ava_1 = __importDefault(require("ava"));
const xform_native_1 = require("xform-native");
const util_1 = require("./util");
/** Several batches of 500, and repeated products, since the sample comes twice. */
const ROWS = 2000;
const transforms = [util_1.OME, 'COOH__TO__CCl'];
const reference = { workers: 2, maxInFlight: 4, batchSize: 50_000 };
(0, ava_1.default)('workers, batches in flight and batch size change nothing', async (t) => {
    const hash = await hasher(t, 'exact');
    const expected = await hash(reference);
    for (const workers of [1, 2, 8]) {
        for (const maxInFlight of [1, 4, 64]) {
            for (const batchSize of [500, 50_000]) {
                const options = { workers, maxInFlight, batchSize };
                t.deepEqual(await hash(options), expected, JSON.stringify(options));
            }
        }
    }
});
for (const dedup of ['bloom', 'none']) {
    (0, ava_1.default)(`nor do they with --dedup ${dedup}`, async (t) => {
        const hash = await hasher(t, dedup);
        const expected = await hash(reference);
        for (const options of [
            { workers: 1, maxInFlight: 1, batchSize: 500 },
            { workers: 8, maxInFlight: 64, batchSize: 7 },
        ]) {
            t.deepEqual(await hash(options), expected, JSON.stringify(options));
        }
    });
}
(0, ava_1.default)('flush interval and memory target change nothing', async (t) => {
    const hash = await hasher(t, 'exact');
    const expected = await hash(reference);
    for (const options of [
        { flushInterval: 1 },
        { flushInterval: 1_000_000 },
        { targetMemory: 40 },
        { targetMemory: 90 },
        { targetMemory: '100MiB' },
    ]) {
        t.deepEqual(await hash(options), expected, JSON.stringify(options));
    }
});
/** A function that runs the job and hashes what it wrote; the summary must say the same. */
async function hasher(t, dedup) {
    const folder = (0, util_1.temporaryFolder)(t);
    const input = await (0, util_1.writeLargeLibrary)(folder, ROWS);
    const filter = { bloomExpectedItems: 100_000, bloomFpRate: 0.01 };
    return async (options) => {
        const { files } = await (0, xform_native_1.apply)((0, util_1.job)(folder, { input, xfName: transforms, dedup, ...filter, force: true, ...options }));
        const hashes = ['products', 'rejects'].map((name) => {
            const bytes = (0, node_fs_1.readFileSync)((0, node_path_1.join)(folder, 'out', `${name}.parquet`));
            return (0, node_crypto_1.createHash)('sha256').update(bytes).digest('hex');
        });
        t.deepEqual(hashes, [files.products.sha256, files.rejects.sha256]);
        return hashes;
    };
}
