"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
// The command: flags, streams, exit status, signals. Each run in a process and a folder of its own.
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const ava_1 = __importDefault(require("ava"));
const util_1 = require("../util");
const GLUCOSE = 'OCC1OC(O)C(O)C(O)C1O';
(0, ava_1.default)('the predecessor’s command line works word for word', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    (0, node_fs_1.mkdirSync)((0, node_path_1.join)(folder, 'configs'));
    (0, node_fs_1.symlinkSync)(util_1.config, (0, node_path_1.join)(folder, 'configs', 'transforms.yaml'));
    (0, node_fs_1.symlinkSync)(util_1.plants, (0, node_path_1.join)(folder, 'L.parquet'));
    const line = 'apply --input L.parquet --outdir OUT --xf-config configs/transforms.yaml ' +
        '--xf-name FG_PHENOL_OH__OH__TO__OMe --use-bloom-filter --workers 16 --target-memory 70.0 --max-in-flight 4';
    const ended = await (0, util_1.xform)(line.split(' '), { cwd: folder });
    t.is(ended.status, 0, ended.stderr);
    const summary = JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(folder, 'OUT', 'SUMMARY.json'), 'utf8'));
    t.like(summary, {
        total_input: 1000,
        total_products: 944,
        dedup: { mode: 'bloom' },
        options: { workers: 16, max_in_flight: 4, target_memory: { percent: 70 }, xf_names: [util_1.OME] },
    });
    t.true(summary.unique_products <= 939);
});
(0, ava_1.default)('the table goes to stdout, the columns chosen and all else to stderr', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const { status, stdout, stderr } = await (0, util_1.xform)((0, util_1.jobArguments)(folder));
    t.is(status, 0, stderr);
    t.regex(stdout, /^rows +1,000 = 380 with products \+ 620 without a site \+ 0 with all sites excluded \+ 0 rejected$/m);
    t.regex(stdout, /^results +981 = 944 products \+ 37 repeated in their molecule \+ 0 failed$/m);
    t.regex(stdout, /^products +944 = 939 unique \+ 5 duplicates$/m);
    for (const name of ['products.parquet', 'rejects.parquet', 'SUMMARY.json']) {
        t.true(stdout.includes((0, node_path_1.join)(folder, 'out', name)), name);
    }
    t.is(stderr, `${util_1.OME} on 1,000 rows; SMILES from "smiles", id from "coconut_id"\n`);
});
(0, ava_1.default)('several transforms are a line each, and a total with the rows once', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const { status, stdout, stderr } = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '--xf-name', 'R3_F', '--xf-name', util_1.OME, '--json'));
    t.is(status, 0, stderr);
    t.deepEqual(JSON.parse(stdout).transform, [util_1.OME, 'R3_F']);
    const table = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '--xf-name', 'all', '--force'));
    t.is(table.status, 0, table.stderr);
    const lines = table.stdout.split('\n');
    t.regex(lines[0] ?? '', /^transform +with products +rejected +sites +excluded +failed +products +unique +duplicates$/);
    t.regex(lines[1] ?? '', new RegExp(`^${util_1.OME} +380 +0 +981 `));
    t.is(lines.filter((line) => /^(FG|RING|R3|R4|COOH|ALPHA|PRIMARY)_/.test(line)).length, 32);
    t.regex(lines[33] ?? '', /^all, of 1,000 rows /);
});
(0, ava_1.default)('--json is the summary, and one object only', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const ended = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '--json'));
    t.is(ended.status, 0, ended.stderr);
    t.deepEqual((0, util_1.summaryOf)(ended), JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(folder, 'out', 'SUMMARY.json'), 'utf8')));
    t.is(ended.stdout.trimEnd().split('\n').length, 1);
});
(0, ava_1.default)('--quiet says nothing where all is well, and warnings all the same', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const ended = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '--quiet'));
    t.deepEqual(ended, { status: 0, signal: null, stdout: '', stderr: '' });
    const input = (0, util_1.writeSmiles)(folder, ['CC']);
    const warned = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '-i', input, '--quiet', '--force'));
    t.is(warned.status, 0);
    t.is(warned.stdout, '');
    t.regex(warned.stderr, /^warning: .*found no site.*\n$/);
});
(0, ava_1.default)('a flag that has no effect is named', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const { status, stderr } = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '--dry-run', '--bloom-fp-rate', '0.5'));
    t.is(status, 0);
    t.is(stderr, 'warning: --bloom-fp-rate has no effect without --dedup bloom\n');
});
(0, ava_1.default)('--dry-run checks and writes nothing', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const { status, stdout, stderr } = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '--dry-run', '--xf-name', 'all'));
    t.is(status, 0, stderr);
    t.true(stdout.includes('nothing was written') && stdout.includes('1,000 rows'));
    t.true(stdout.includes('RING_SP3__CH__TO__I'));
    const json = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '--dry-run', '--json'));
    t.like(JSON.parse(json.stdout), { rows: 1000, transforms: [util_1.OME] });
    const bad = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '--dry-run', '--smiles-column', 'nope', '--json'));
    t.is(bad.status, 2);
    t.is(JSON.parse(bad.stdout).error.code, 'XFORM_INPUT_COLUMN');
    t.deepEqual((0, node_fs_1.readdirSync)(folder), []);
});
(0, ava_1.default)('each flag that shapes the result reaches the core', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const input = await (0, util_1.writeParquet)((0, node_path_1.join)(folder, 'library.parquet'), [
        { name: 'structure', data: ['Oc1ccccc1O', GLUCOSE, 'not a molecule'] },
        { name: 'name', data: ['catechol', 'glucose', 'none'] },
        { name: 'a', data: ['1', '2', '3'] },
        { name: 'b', data: ['4', '5', '6'] },
    ]);
    const flags = [
        ...['-i', input, '--smiles-column', 'structure', '--id-column', 'name', '--keep-columns', 'a,b'],
        ...['--xf-name', 'R3_F', '--no-exclude-sugar-like', '--max-sites', '2', '--dedup', 'none'],
        ...['--max-rejects', '1', '--batch-size', '10', '--workers', '1', '--max-in-flight', '3'],
        ...['--flush-interval', '5', '--target-memory', '1.5GiB', '--json'],
    ];
    const ended = await (0, util_1.xform)((0, util_1.jobArguments)(folder, ...flags));
    t.is(ended.status, 0, ended.stderr);
    const summary = (0, util_1.summaryOf)(ended);
    t.like(summary, {
        columns: { smiles: 'structure', id: 'name', kept: ['a', 'b'] },
        rejected_rows: 1,
        dedup: { mode: 'none' },
        memory: { target_bytes: 1.5 * 2 ** 30 },
        options: {
            max_sites: 2,
            exclude_sugar_like: false,
            max_rejects: 1,
            batch_size: 10,
            workers: 1,
            max_in_flight: 3,
            flush_interval: 5,
        },
    });
    t.is(summary.sums.sites_excluded_sugar, 0);
    // Both transforms: the flag came twice. Of glucose's five sites of R3_F two are used.
    t.like(summary.transforms[1], { name: 'R3_F', sums: { sites: 7, sites_excluded_limit: 3 } });
    const all = await (0, util_1.xform)((0, util_1.jobArguments)(folder, ...flags.slice(0, 4), '--keep-columns', 'all', '--json', '--force'));
    t.deepEqual((0, util_1.summaryOf)(all).columns.kept, ['name', 'a', 'b']);
    const sugar = await (0, util_1.xform)((0, util_1.jobArguments)(folder, ...flags, '--exclude-sugar-like', '--max-sites', '-1', '--force'));
    t.is((0, util_1.summaryOf)(sugar).transforms[1]?.sums.sites_excluded_sugar, 5);
    const bloom = ['--use-bloom-filter', '--bloom-expected-items', '1000', '--bloom-fp-rate', '0.01'];
    const filtered = await (0, util_1.xform)((0, util_1.jobArguments)(folder, ...flags.slice(0, 4), ...bloom, '--dedup', 'bloom', '--json', '--force'));
    t.like((0, util_1.summaryOf)(filtered).dedup.bloom, { expected_items: 1000, fp_rate: 0.01 });
});
(0, ava_1.default)('more rejected rows than --max-rejects are exit status 3, with all files written', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const input = (0, util_1.writeSmiles)(folder, ['Oc1ccccc1', 'x', 'y']);
    const two = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '-i', input, '--max-rejects', '2'));
    t.is(two.status, 0, two.stderr);
    const one = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '-i', input, '--max-rejects', '1', '--json', '--force'));
    t.is(one.status, 3);
    t.is((0, util_1.summaryOf)(one).rejected_rows, 2);
    t.regex(one.stderr, /error: 2 rows were rejected, more than --max-rejects 1; .*rejects\.parquet says why/);
    t.is((0, util_1.finalFiles)((0, node_path_1.join)(folder, 'out')).length, 3);
});
const usageErrors = [
    ['an unknown flag', ['--max-site', '1'], /unknown option '--max-site'\s+\(Did you mean --max-sites\?\)/],
    ['a flag without its value', ['--workers'], /argument missing/],
    ['a number that is none', ['--workers', 'many'], /'--workers <n>' argument 'many' is invalid/],
    ['a fraction of a row', ['--batch-size', '1.5'], /'--batch-size <rows>' argument '1.5' is invalid/],
    ['a rate that is none', ['--bloom-fp-rate', 'x'], /--bloom-fp-rate/],
    ['a value out of range', ['--workers', '0'], /--workers: must be at least 1/],
    ['an unknown choice', ['--dedup', 'fuzzy'], /Allowed choices are exact, bloom, none/],
    ['an unknown way to show progress', ['--progress', 'loud'], /Allowed choices are auto, bar, json, none/],
    ['two words on deduplication', ['--use-bloom-filter', '--dedup', 'exact'], /--use-bloom-filter: is the same as/],
    ['memory that is none', ['--target-memory', '2 moons'], /--target-memory/],
    ['an argument too many', ['more'], /too many arguments/],
];
for (const [what, args, message] of usageErrors) {
    (0, ava_1.default)(`${what} is exit status 2`, async (t) => {
        const folder = (0, util_1.temporaryFolder)(t);
        const ended = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '--json', ...args));
        t.is(ended.status, 2);
        t.regex(ended.stderr, message);
        t.regex(ended.stderr, /^error: /);
        t.is(JSON.parse(ended.stdout).error.code, 'XFORM_INVALID_OPTION');
        t.deepEqual((0, node_fs_1.readdirSync)(folder), []);
    });
}
(0, ava_1.default)('a missing required flag is exit status 2 and named', async (t) => {
    for (const flag of ['--input', '--outdir', '--xf-config', '--xf-name']) {
        const given = { '--input': util_1.plants, '--outdir': 'out', '--xf-config': util_1.config, '--xf-name': util_1.OME };
        const args = Object.entries(given).filter(([name]) => name !== flag);
        const ended = await (0, util_1.xform)(['apply', ...args.flat()]);
        t.is(ended.status, 2);
        t.true(ended.stderr.startsWith(`error: ${flag}: `), ended.stderr);
    }
});
(0, ava_1.default)('help and version are a success; a command is needed', async (t) => {
    const help = await (0, util_1.xform)(['apply', '--help']);
    t.is(help.status, 0);
    const groups = help.stdout.match(/^[A-Z].*:$/gm);
    t.deepEqual(groups, [
        'Input:',
        'Transforms:',
        'Deduplication:',
        'Limits:',
        'Speed (none of these changes the output):',
        'Output:',
        'Exit status:',
        'Examples:',
    ]);
    const version = await (0, util_1.xform)(['--version']);
    t.regex(version.stdout, /^\d+\.\d+\.\d+\n$/);
    t.is((await (0, util_1.xform)([])).status, 2);
    const unknown = await (0, util_1.xform)(['appy']);
    t.is(unknown.status, 2);
    t.regex(unknown.stderr, /Did you mean apply\?/);
});
for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
]) {
    ava_1.default.serial(`${signal} stops the run within a second: exit status ${status}, no file`, async (t) => {
        const folder = (0, util_1.temporaryFolder)(t);
        const input = await (0, util_1.writeLargeLibrary)(folder, 100_000);
        let sentAt = 0;
        const ended = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '-i', input, '--progress', 'json', '--json'), {
            onStderr(text, child) {
                if (sentAt > 0 || !text.includes('"rows"'))
                    return;
                sentAt = performance.now();
                child.kill(signal);
            },
        });
        const seconds = (performance.now() - sentAt) / 1000;
        t.is(ended.status, status, ended.stderr);
        t.true(seconds < 1.2, `${seconds} s, the end of the process included`);
        t.is(JSON.parse(ended.stdout).error.code, 'XFORM_CANCELLED');
        t.deepEqual((0, node_fs_1.readdirSync)((0, node_path_1.join)(folder, 'out')), []);
    });
}
(0, ava_1.default)('--progress json is a line each on stderr', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const input = await (0, util_1.writeLargeLibrary)(folder, 5000);
    const { status, stderr } = await (0, util_1.xform)((0, util_1.jobArguments)(folder, '-i', input, '--progress', 'json', '--quiet'));
    t.is(status, 0, stderr);
    const seen = stderr
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    t.true(seen.length >= 1);
    t.true(seen.every(({ rows_total }) => rows_total === 5000));
});
(0, ava_1.default)('a reader that closes the pipe is no failure', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const child = (0, node_child_process_1.spawn)(process.execPath, [util_1.main, ...(0, util_1.jobArguments)(folder)], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    child.stderr.destroy();
    const status = await new Promise((done) => child.on('exit', done));
    t.is(status, 0);
    t.is((0, util_1.finalFiles)((0, node_path_1.join)(folder, 'out')).length, 3);
});
(0, ava_1.default)('on a terminal there is a bar, in colour unless NO_COLOR or TERM=dumb', async (t) => {
    const folder = (0, util_1.temporaryFolder)(t);
    const input = await (0, util_1.writeLargeLibrary)(folder, 5000);
    const esc = '\x1b';
    const onTerminal = (env) => {
        const command = [process.execPath, util_1.main, ...(0, util_1.jobArguments)(folder, '-i', input, '--force')];
        const quoted = command.map((word) => `'${word}'`).join(' ');
        return (0, util_1.run)('script', ['-qec', quoted, '/dev/null'], { env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env } });
    };
    const plain = await onTerminal({ NO_COLOR: '1' });
    t.is(plain.status, 0, plain.stdout);
    t.true(plain.stdout.includes(`\r${esc}[K`) && plain.stdout.includes('█') && plain.stdout.includes('rows/s'));
    t.false(plain.stdout.includes(`${esc}[32m`));
    const colour = await onTerminal({});
    t.true(colour.stdout.includes(`${esc}[32m`) && colour.stdout.includes(`${esc}[1m`));
    const dumb = await onTerminal({ TERM: 'dumb' });
    t.false(dumb.stdout.includes(esc));
    t.true(dumb.stdout.includes('unique'));
});
