// How fast libraries are read (npm run bench:input): each reader alone, `apply` from each format beside Parquet, and an SDF
// beside RDKit's MultithreadedSDMolSupplier; writes bench/results/input.md.
//
//   node bench/input.mjs [--rounds N] [--rows N] [--apply-rows N] [--library FILE] [--out DIR]
//
// --rounds      timed runs of each (5)
// --rows        rows of the library for the readers alone (2000000)
// --apply-rows  rows of the library for `apply` and for the SDF (50000)
// --library     where the molecules come from (../shared/data/plants.parquet, else examples/plants-1k.parquet)
// --out         folder of the report (bench/results)
//
// The commit thread is the bound of a machine with many cores (docs/scale.md), so a reader should give more rows than that
// thread takes. `apply` from any format should be as fast as from Parquet. An SDF is read by `apply` with a transform that
// has no site anywhere, so that its time is that of reading: mol block to canonical SMILES to molecule. The supplier, which
// has as many threads, makes molecules only, or their SMILES as well. The exit status is 1 if the program is less than 1.5
// times as fast as the supplier that makes molecules only.
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { capture, Failure, main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { findPython } from '../scripts/oracle/python.mjs';
import { PROGRAMS } from './contenders/program.mjs';
import { CLI, measureApply, mustBeBuilt, OME } from './lib/cli.mjs';
import { conditions, mebibytes, median, table, thousands } from './lib/report.mjs';
import { interleave } from './lib/rounds.mjs';

const PLANTS = join(root, '..', 'shared', 'data', 'plants.parquet');
const PARQUET = 'library.parquet';
const CORES = availableParallelism();
/** How much faster than the supplier an SDF should be read. */
const SDF_GOAL = 1.5;
/** A transform without a site in any molecule of the libraries. */
const NOWHERE = "transforms: [{ name: nowhere, smirks: '[Po:1]>>[Po+:1]' }]\n";

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '2000000' },
    'apply-rows': { type: 'string', default: '50000' },
    library: { type: 'string', default: existsSync(PLANTS) ? PLANTS : join(root, 'examples', 'plants-1k.parquet') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});
const ROUNDS = Number(options.rounds);

await main(async () => {
  mustBeBuilt();
  await withScratch('input', async (scratch) => {
    const [outdir, files] = [join(scratch, 'out'), written(scratch, 'apply', options['apply-rows'])];
    const readers = await readAlone(written(scratch, 'readers', options.rows));
    const runs = await applied(files, outdir);
    const suppliers = await readSdf(sdfOf(files), outdir);
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'input.md'), markdown(readers, runs, suppliers));
    console.log(`\nWritten: ${join(options.out, 'input.md')}`);
    if (timesAsFast(suppliers, suppliers[1]) < SDF_GOAL) process.exitCode = 1;
  });
});

/** What the example `formats` of the core prints. */
function formats(...words) {
  const flags = ['run', '--release', '--quiet', '--manifest-path', join(root, 'Cargo.toml'), '--example', 'formats'];
  const printed = capture('cargo', [...flags, '--', ...words], { cwd: root });
  if (printed === null) throw new Failure(`cargo cannot run the example formats with ${words.join(' ')}.`);
  return printed.trim();
}

/** Files with the same library in every format, as [{ name, path, bytes }]. */
function written(scratch, name, rows) {
  const folder = join(scratch, name);
  mkdirSync(folder);
  const names = formats('write', options.library, folder, rows).split('\n');
  return names.map((name) => ({ name, path: join(folder, name), bytes: statSync(join(folder, name)).size }));
}

async function readAlone(files) {
  await interleave(files, ROUNDS, ({ path }) => {
    const [rows, seconds] = formats('read', path).split(' ').map(Number);
    return rows / seconds;
  });
  return files;
}

async function applied(files, outdir) {
  await interleave(files, ROUNDS, async ({ path }) => {
    const { summary } = await measureApply(path, outdir, ['--xf-name', OME], { watch: false });
    return summary.throughput_mol_per_sec;
  });
  return files;
}

/** The library as an SDF with 2D coordinates, beside its Parquet file. */
function sdfOf(files) {
  const { path } = files.find(({ name }) => name === PARQUET);
  const sdf = path.replace(/parquet$/, 'sdf');
  if (capture(process.execPath, [CLI, 'export', path, '-o', sdf, '--quiet']) === null)
    throw new Failure(`export cannot write ${sdf}.`);
  return sdf;
}

/** Molecules per second of this program, of the supplier alone, and of the supplier with SMILES. */
async function readSdf(sdf, outdir) {
  const python = findPython();
  const program = join(PROGRAMS, 'python', 'sdf_supplier.py');
  const supplier = (wanted) => async () => {
    const printed = capture(python, [program, sdf, String(CORES), wanted]);
    if (printed === null) throw new Failure('RDKit cannot read the SDF.');
    const { molecules, seconds } = JSON.parse(printed);
    return molecules / seconds;
  };
  const config = sdf.replace(/sdf$/, 'yaml');
  writeFileSync(config, NOWHERE);
  const ours = async () => {
    const flags = ['--xf-config', config, '--xf-name', 'nowhere', '--workers', CORES];
    const { summary } = await measureApply(sdf, outdir, flags, { watch: false });
    return summary.throughput_mol_per_sec;
  };
  const entries = [
    { name: '`apply` with a transform that has no site', rate: ours },
    { name: 'MultithreadedSDMolSupplier, molecules', rate: supplier('molecules') },
    { name: 'MultithreadedSDMolSupplier, molecules and SMILES', rate: supplier('smiles') },
  ];
  await interleave(entries, ROUNDS, ({ rate }) => rate());
  return entries;
}

function timesAsFast([ours], other) {
  return median(ours.runs) / median(other.runs);
}

function markdown(readers, runs, suppliers) {
  const parquet = median(runs.find(({ name }) => name === PARQUET).runs);
  const rows = readers.map(({ name, bytes, runs: alone }, index) => {
    const run = median(runs[index].runs);
    return [
      `\`${name}\``,
      mebibytes(bytes),
      thousands(median(alone)),
      thousands(run),
      `${(run / parquet).toFixed(2)} x`,
    ];
  });
  const sdf = suppliers.map((entry) => [
    entry.name,
    thousands(median(entry.runs)),
    `${timesAsFast(suppliers, entry).toFixed(2)} x`,
  ]);
  return `# How fast libraries are read

${conditions({}, [`${thousands(Number(options.rows))} rows for the readers, ${thousands(Number(options['apply-rows']))} for apply; median of ${ROUNDS} runs`])}

Each reader alone, on one thread, with SMILES and id; and complete runs of \`apply\` (phenol to OMe) from the same library.

${table(['file', 'MiB', 'reader alone, rows/s', '`apply`, rows/s', 'beside Parquet'], rows)}

## SDF

The same ${thousands(Number(options['apply-rows']))} molecules with 2D coordinates, V2000, on ${CORES} threads. The goal is ${SDF_GOAL} times the
rate of the supplier that makes molecules only. The program makes more of each record: its canonical SMILES, which it reads
again, as the last row does in Python.

${table(['program', 'molecules/s', 'xform-native beside it'], sdf)}
`;
}
