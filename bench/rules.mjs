// What rules cost (npm run bench:rules): rows through a kernel and through complete runs with 1 to 1,000 rules, and the
// loading of 5,000; writes bench/results/rules.md.
//
//   node bench/rules.mjs [--rounds N] [--rows N] [--data DIR] [--out DIR]
//
// --rounds  timed runs of each (5)
// --rows    rows of a library with rules that match, evenly spread (500)
// --data    folder of the development libraries (../shared/data); without it, examples/plants-1k.parquet is used
// --out     folder of the report (bench/results)
//
// Rules that match nothing show what a rule costs that cannot match (bench/lib/rule-sets.mjs), in plain rows: those that a
// rule of another element skips. All times are CPU times. The kernel's is that of one thread. A complete run also reads,
// counts and commits: its cost per row is the difference, of all threads, between a run of all rows and a run of a few, so
// that start-up and loading cancel out.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cargoEnvironment } from '../scripts/lib/build.mjs';
import { root } from '../scripts/lib/paths.mjs';
import { capture, Failure, main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { CLI, mustBeBuilt, readSummary } from './lib/cli.mjs';
import { cargoBench } from './lib/kernel-steps.mjs';
import { cutLibrary, findLibraries, readDistinct } from './lib/libraries.mjs';
import { measure } from './lib/measure.mjs';
import { conditions, median, table, thousands, verdict } from './lib/report.mjs';
import { interleave } from './lib/rounds.mjs';
import { neverMatching, oftenMatching, writeRules } from './lib/rule-sets.mjs';

const COUNTS = [1, 32, 150, 1000];
const MEASURED = ['plants', 'chembl-chiral', 'plants-1k'];
/** A rule that every plain row refuses for its element. */
const OTHER_ELEMENT = '[Xe:1]>>[Xe:1]';
/** Microseconds per row that 1,000 rules may add which match nothing. */
const ROW_GOAL = 20;
const LOADED = 5000;
/** Seconds in which they are loaded. */
const LOAD_GOAL = 2;
/** Rows that a difference of CPU times needs; smaller libraries are repeated. */
const ENOUGH_ROWS = 40_000;
const FEW_ROWS = 256;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '500' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});

await main(async () => {
  mustBeBuilt();
  await withScratch('rules', async (scratch) => {
    const program = await kernelProgram();
    const found = findLibraries(options.data).filter(({ key }) => MEASURED.includes(key));
    const libraries = [];
    for (const { key, path } of found) libraries.push(cut(key, await readDistinct(path), program, scratch));
    const rows = libraries.flatMap((library) => COUNTS.map((count) => ({ library, count })));
    await interleave(rows, Number(options.rounds), (row) => costOf(row, program, scratch));
    const loading = await load(libraries[0], scratch);
    mkdirSync(options.out, { recursive: true });
    const report = markdown(rows.map(figures), loading, libraries, readSummary(join(scratch, 'out')));
    writeFileSync(join(options.out, 'rules.md'), report.text);
    console.log(`\nWritten: ${join(options.out, 'rules.md')}`);
    process.exitCode = report.passed ? 0 : 1;
  });
});

/** The program of crate/rdkit-sys/benches/rules.rs. */
async function kernelProgram() {
  const env = await cargoEnvironment();
  const build = cargoBench('rules', '--no-run', '--message-format=json');
  const text = capture('cargo', build, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const messages = text?.split('\n').filter((line) => line.startsWith('{')) ?? [];
  const isOurs = ({ reason, target, executable }) =>
    reason === 'compiler-artifact' && target.name === 'rules' && executable;
  const executable = messages.map((line) => JSON.parse(line)).find(isOurs)?.executable;
  if (!executable) throw new Failure('The program whose rows are timed cannot be built.');
  return executable;
}

/** A library as a whole, its plain rows, these repeated for complete runs, a few, one, and a sample for rules that match. */
function cut(key, library, program, scratch) {
  const whole = cutLibrary(library, Infinity, scratch, `${key}-whole`);
  const others = new Set(kernel(program, [OTHER_ELEMENT], whole, scratch).molecules);
  const plain = { ...library, rows: library.rows.filter((_, row) => !others.has(row)) };
  const times = Math.ceil(ENOUGH_ROWS / plain.rows.length);
  const repeated = { ...plain, rows: Array.from({ length: times }, () => plain.rows).flat() };
  return {
    key,
    whole,
    plain: cutLibrary(plain, Infinity, scratch, `${key}-plain`),
    repeated: cutLibrary(repeated, Infinity, scratch, `${key}-repeated`),
    few: cutLibrary(plain, FEW_ROWS, scratch, `${key}-few`),
    one: cutLibrary(plain, 1, scratch, `${key}-one`),
    sample: cutLibrary(library, Number(options.rows), scratch, `${key}-sample`),
  };
}

/** One measurement of `count` rules: microseconds per row and shares of rows skipped. */
async function costOf({ library, count }, program, scratch) {
  const never = neverMatching(count);
  const none = kernel(program, never, library.plain, scratch);
  const often = kernel(program, oftenMatching(count), library.sample, scratch);
  const config = writeRules(join(scratch, 'rules.yaml'), never);
  const all = await apply(config, library.repeated, scratch);
  const { sites } = readSummary(join(scratch, 'out')).sums;
  if (sites > 0) throw new Failure(`the rules that match nothing have ${sites} sites in ${library.key}`);
  const few = await apply(config, library.few, scratch);
  const complete = (1e6 * (all.cpuSeconds - few.cpuSeconds)) / (library.repeated.rows - library.few.rows);
  console.log(
    `  ${library.key}, ${count} rules: ${none.microseconds.toFixed(1)} us, complete ${complete.toFixed(1)} us`,
  );
  return { none, often, complete };
}

function kernel(program, smirks, library, scratch) {
  const file = join(scratch, 'rules.smirks');
  writeFileSync(file, `${smirks.join('\n')}\n`);
  const text = capture(program, [file], { env: { ...process.env, XFORM_BENCH_ROWS: library.smi } });
  if (text === null) throw new Failure(`${program} ${file} failed`);
  const { seconds, products, molecules } = JSON.parse(text);
  return {
    molecules,
    microseconds: (1e6 * seconds) / library.rows,
    skipped: 1 - molecules.length / library.rows,
    products: products / library.rows,
  };
}

function apply(config, { parquet }, scratch) {
  const outdir = join(scratch, 'out');
  rmSync(outdir, { recursive: true, force: true });
  const flags = [
    '--input',
    parquet,
    '--outdir',
    outdir,
    '--xf-config',
    config,
    '--xf-name',
    'all',
    '--quiet',
    '--no-isolate',
  ];
  return measure(process.execPath, [CLI, 'apply', ...flags], { watch: false, cpu: true });
}

/** Seconds that a run over one row takes longer with LOADED rules than with one. */
async function load(library, scratch) {
  const [many, one] = [LOADED, 1].map((count) => ({ smirks: neverMatching(count) }));
  await interleave([many, one], Number(options.rounds), async ({ smirks }) => {
    const config = writeRules(join(scratch, 'rules.yaml'), smirks);
    return (await apply(config, library.one, scratch)).seconds;
  });
  return { seconds: median(many.runs) - median(one.runs), one: median(one.runs) };
}

function figures({ library, count, runs }) {
  const of = (get) => median(runs.map(get));
  return {
    library,
    count,
    none: of(({ none }) => none.microseconds),
    complete: of(({ complete }) => complete),
    skipped: runs[0].none.skipped,
    often: of(({ often }) => often.microseconds),
    oftenSkipped: runs[0].often.skipped,
    products: runs[0].often.products,
  };
}

function markdown(rows, loading, libraries, summary) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const cells = rows.map((row) => {
    const first = rows.find(({ library, count }) => library === row.library && count === 1);
    const added = row.complete - first.complete;
    row.passed = !(row.count === 1000 && added > ROW_GOAL);
    return [
      row.library.key,
      thousands(row.count),
      row.none.toFixed(1),
      row.complete.toFixed(1),
      percent(row.skipped),
      row.often.toFixed(0),
      percent(row.oftenSkipped),
      row.products.toFixed(1),
      row.count === 1000 ? `${added.toFixed(1)} us more than one rule: ${verdict(row.passed)}` : '',
    ];
  });
  const isLoaded = loading.seconds < LOAD_GOAL;
  const header = [
    'library',
    'rules',
    'match nothing: kernel, us per plain row',
    'complete run, us per plain row',
    'plain rows skipped',
    'often match: kernel, us per row',
    'rows skipped',
    'products per row',
    `goal: ${ROW_GOAL} us`,
  ];
  const sizes = libraries.map(
    ({ key, whole, plain, sample }) =>
      `${key} ${thousands(plain.rows)} plain of ${thousands(whole.rows)} (${thousands(sample.rows)})`,
  );
  const text = `# Many rules

Written by \`npm run bench:rules\`; medians of ${options.rounds} runs in turn.

${conditions(summary, [`Rows (with rules that often match): ${sizes.join(', ')}`])}

## Rows

${table(header, cells)}

Rules that match nothing have four to nine atoms; half of them need an element that is rare (B, P, I, two halogens at one atom),
the others have common elements in an order that the rows do not have. Rules that often match are those of
\`configs/medchem.yaml\`, repeated with restrictions that hardly any site fails. Times are CPU times. The kernel's is that of
one thread. A complete run also reads, counts and commits; its time is that of all threads, without start-up and loading. A
row is skipped if no rule can match it, so that no molecule is made of it.

## Loading

A run of one row takes ${loading.seconds.toFixed(2)} s longer with ${thousands(LOADED)} rules than with one (${loading.one.toFixed(2)} s). Goal: < ${LOAD_GOAL} s: ${verdict(isLoaded)}.
`;
  return { text, passed: isLoaded && rows.every(({ passed }) => passed) };
}
