"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
// Molecules stay out of the JavaScript heap, the event loop stays free, and each allocator keeps to its own side.
//
// XFORM_LONG_TESTS=1 takes 500,000 rows for the long run in place of 50,000.
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const ava_1 = __importDefault(require("ava"));
const native_1 = require("../dist/native");
const util_1 = require("./util");
const LONG = process.env['XFORM_LONG_TESTS'] ? 500_000 : 50_000;
const SHORT = 5_000;
const GROWTH_ALLOWED = 5 * 2 ** 20;
// One after the other: the figures are those of a process that has the machine to itself.
ava_1.default.serial('the heap grows no more in a long run than in a short one, and timers fire', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const [short, long] = [await measure(folder, SHORT), await measure(folder, LONG)];
    t.log(`heap growth: ${short.heapGrowth} bytes for ${SHORT} rows, ${long.heapGrowth} for ${LONG}`);
    t.is(long.rows, LONG);
    t.true(long.heapGrowth <= short.heapGrowth + GROWTH_ALLOWED);
    const due = (long.seconds * 1000) / 10;
    t.log(`${long.ticks} of ${Math.round(due)} ticks of 10 ms with ${(0, node_os_1.availableParallelism)()} workers`);
    t.true(long.ticks >= due / 2);
});
ava_1.default.serial('a heap snapshot midway holds no molecule', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const snapshot = (0, node_path_1.join)(folder, 'midway.heapsnapshot');
    await measure(folder, LONG / 2, snapshot);
    const text = (0, node_fs_1.readFileSync)(snapshot, 'utf8');
    // The snapshot would show them: it shows a string that the measuring script holds.
    t.true(text.includes('a string that lies in the heap'));
    const smiles = (await (0, util_1.readParquet)(util_1.plants)).map((row) => row['smiles']).filter(({ length }) => length > 20);
    const known = smiles.slice(0, 100).map((each) => JSON.stringify(each).slice(1, -1));
    t.is(known.length, 100);
    t.deepEqual(known.filter((each) => text.includes(each)), []);
});
(0, ava_1.default)('C++ takes its memory from mimalloc, and Node’s own malloc is not touched', (t) => {
    t.deepEqual(JSON.parse((0, native_1.native)().allocatorReport()), {
        cxx_new_in_mimalloc: true,
        libstdcxx_string_in_mimalloc: true,
        c_malloc_in_mimalloc: false,
    });
});
/** Runs the job in a process of its own, where nothing but the measuring script uses the heap. */
async function measure(folder, rows, snapshot) {
    const options = (0, util_1.job)(folder, { input: await (0, util_1.writeLargeLibrary)(folder, rows), workers: (0, node_os_1.availableParallelism)() });
    const script = (0, node_path_1.join)(__dirname, 'fixture', 'measure.js');
    const args = ['--expose-gc', script, JSON.stringify({ ...options, force: true }), snapshot ?? ''];
    const ended = await (0, util_1.run)(process.execPath, args, { timeout: 600_000 });
    if (ended.status !== 0)
        throw new Error(ended.stderr);
    return JSON.parse(ended.stdout);
}
