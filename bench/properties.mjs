// What properties cost (npm run bench:properties): complete runs beside a lean Python pool that does the same whole job,
// and each property alone; writes bench/results/properties.md.
//
//   node bench/properties.mjs [--rounds N] [--rows N] [--workers N] [--data DIR] [--out DIR]
//
// --rounds   timed runs of each (5)
// --rows     at most this many rows of a library, evenly spread (4,000)
// --workers  worker threads or processes, pinned to as many cores if taskset is installed (available parallelism)
// --data     folder of the development libraries (../shared/data); without it, examples/plants-1k.parquet is used
// --out      folder of the report (bench/results)
//
// Both sides read the same Parquet file, apply the same transform, compute the same properties of each product and write
// the products that a Bloom filter has not seen. Start-up is not counted for either. The cost of one property is the
// difference in CPU time between runs with and without it, divided by the products that were made.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { findPython } from '../scripts/oracle/python.mjs';
import { PROGRAMS, programRun } from './contenders/program.mjs';
import { ours } from './contenders/xform-native.mjs';
import { measureApply, mustBeBuilt } from './lib/cli.mjs';
import { cutLibrary, findLibraries, readDistinct } from './lib/libraries.mjs';
import { readLibrary } from './lib/library.mjs';
import { measure } from './lib/measure.mjs';
import { pinning } from './lib/pin.mjs';
import { conditions, median, table, thousands, verdict } from './lib/report.mjs';
import { interleave } from './lib/rounds.mjs';
import { transformsOf } from './lib/transforms.mjs';

/** How many times as fast as the pool a run should be, by what is computed. */
const GOALS = { quick: 2.5, all: 2 };
const MEASURED = ['plants', 'chembl-chiral', 'plants-1k'];
/** Makes several products of most rows, so that properties weigh. */
const FERTILE = 'RING_SP2__CH__TO__F';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '4000' },
    workers: { type: 'string', default: String(availableParallelism()) },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});
const ROUNDS = Number(options.rounds);
const WORKERS = Number(options.workers);

await main(async () => {
  mustBeBuilt();
  await withScratch('properties', async (scratch) => {
    const libraries = [];
    for (const { key, path } of findLibraries(options.data).filter(({ key }) => MEASURED.includes(key))) {
      libraries.push({ key, ...cutLibrary(await readDistinct(path), Number(options.rows), scratch, key) });
    }
    const names = await namesOf(libraries[0], scratch);
    const jobs = await contestsOf(libraries, names, scratch);
    const costs = await costsOf(libraries, names.all, scratch);
    const report = markdown(jobs, costs, libraries);
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'properties.md'), report.text);
    console.log(`\nWritten: ${join(options.out, 'properties.md')}`);
    process.exitCode = report.passed ? 0 : 1;
  });
});

/** The properties that `quick` and `all` choose: the columns that they add. */
async function namesOf(library, scratch) {
  const outdir = join(scratch, 'names');
  const columns = async (flags) => {
    await measureApply(library.parquet, outdir, ['--xf-name', FERTILE, '--limit', '50', ...flags], { watch: false });
    return (await readLibrary(join(outdir, 'products.parquet'))).names;
  };
  const plain = await columns([]);
  const added = async (choice) => (await columns(['--properties', choice])).filter((name) => !plain.includes(name));
  return { quick: await added('quick'), all: await added('all') };
}

/** Runs ours and the pool on each library with each choice, in turn. */
async function contestsOf(libraries, names, scratch) {
  const transforms = (await transformsOf('all')).filter(({ name }) => name === FERTILE);
  const transformsFile = join(scratch, 'transforms.tsv');
  writeFileSync(transformsFile, transforms.map(({ name, smirks }) => `${name}\t${smirks}\n`).join(''));
  const startOurs = await ours.prepare();
  const python = findPython();
  const jobs = libraries.flatMap((library) => Object.keys(GOALS).map((choice) => ({ library, choice })));
  const entries = jobs.flatMap(({ library, choice }) => {
    const job = { library, transforms, transformsFile, workers: WORKERS, folder: join(scratch, 'contest') };
    const apply = startOurs(job);
    const words = [join(PROGRAMS, 'python', 'property_pool.py'), '--properties', names[choice].join(',')];
    return [
      { library, choice, who: 'ours', run: { ...apply, args: [...apply.args, '--properties', choice] } },
      { library, choice, who: 'pool', run: programRun(job, { command: python, words, kind: 'parquet' }) },
    ];
  });
  await interleave(entries, ROUNDS, (entry) => timed(entry, join(scratch, 'contest')));
  return jobs.map(({ library, choice }) => {
    const of = (who) =>
      entries.find((entry) => entry.library === library && entry.choice === choice && entry.who === who).runs;
    return { library, choice, ours: of('ours'), pool: of('pool') };
  });
}

async function timed({ library, choice, who, run }, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [program, ...words] = [...pinning(WORKERS), run.command, ...run.args];
  const { stdout } = await measure(program, words, { watch: false, env: run.env });
  const { seconds, products } = run.answer(stdout);
  console.log(`  ${library.key}, ${choice}, ${who}: ${seconds.toFixed(2)} s, ${thousands(products)} products`);
  return { seconds, products };
}

/** Microseconds of CPU time per product of each property alone, in all libraries together. */
async function costsOf(libraries, names, scratch) {
  const outdir = join(scratch, 'alone');
  const entries = [null, ...names].map((name) => ({ name }));
  await interleave(entries, ROUNDS, async ({ name }) => {
    const chosen = name === null ? [] : ['--properties', name];
    const flags = ['--xf-name', FERTILE, '--dedup', 'none', '--no-exclude-sugar-like', '--no-isolate', ...chosen];
    const sum = { cpuSeconds: 0, products: 0 };
    for (const { parquet } of libraries) {
      const { cpuSeconds, summary } = await measureApply(parquet, outdir, flags, { watch: false, cpu: true });
      sum.cpuSeconds += cpuSeconds;
      sum.products += summary.total_products;
    }
    console.log(`  ${name ?? 'no property'}: ${sum.cpuSeconds.toFixed(2)} s of CPU time`);
    return sum;
  });
  const perProduct = ({ runs }) => median(runs.map(({ cpuSeconds, products }) => (1e6 * cpuSeconds) / products));
  const [none, ...each] = entries;
  return {
    none: perProduct(none),
    products: none.runs[0].products,
    each: each.map((entry) => ({ name: entry.name, microseconds: perProduct(entry) - perProduct(none) })),
  };
}

function markdown(jobs, costs, libraries) {
  const seconds = (runs) => median(runs.map((run) => run.seconds));
  const cells = jobs.map(({ library, choice, ours: mine, pool }) => {
    const ratio = seconds(pool) / seconds(mine);
    return {
      passed: ratio >= GOALS[choice],
      cells: [
        library.key,
        choice,
        thousands(mine[0].products),
        seconds(mine).toFixed(2),
        seconds(pool).toFixed(2),
        `${ratio.toFixed(2)} x`,
        `${GOALS[choice]} x: ${verdict(ratio >= GOALS[choice])}`,
      ],
    };
  });
  const header = ['library', 'properties', 'products', 'xform-native, s', 'pool, s', 'ratio', 'goal'];
  const alone = costs.each
    .toSorted((a, b) => b.microseconds - a.microseconds)
    .map(({ name, microseconds }) => [`\`${name}\``, microseconds.toFixed(1)]);
  const sizes = libraries.map(({ key, rows }) => `${key} ${thousands(rows)}`).join(', ');
  const text = `# Properties

Written by \`npm run bench:properties\`; medians of ${ROUNDS} runs in turn, ${WORKERS} workers.

${conditions({}, [`Rows: ${sizes}; transform ${FERTILE}`])}

## Whole runs

${table(
  header,
  cells.map((row) => row.cells),
)}

The pool is Python with RDKit 2025.3.1: a process per worker, batches of 1,000 rows, properties of the molecule in hand, the
same Bloom filter, one ParquetWriter. Start-up is not counted for either.

## Each property alone

${table(['property', 'us per product'], alone)}

CPU time that a run takes longer with this property alone than with none (${costs.none.toFixed(1)} us per product), over
${thousands(costs.products)} products. The first property of a product also reads its SMILES again, which is part of every figure.
`;
  return { text, passed: cells.every(({ passed }) => passed) };
}
