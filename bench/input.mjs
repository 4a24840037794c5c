// How fast libraries are read (npm run bench:input): each reader alone, and `apply` from each format beside Parquet;
// writes bench/results/input.md.
//
//   node bench/input.mjs [--rounds N] [--rows N] [--apply-rows N] [--library FILE] [--out DIR]
//
// --rounds      timed runs of each (5)
// --rows        rows of the library for the readers alone (2000000)
// --apply-rows  rows of the library for `apply` (50000)
// --library     where the molecules come from (../shared/data/plants.parquet, else examples/plants-1k.parquet)
// --out         folder of the report (bench/results)
//
// The commit thread is the bound of a machine with many cores (docs/scale.md), so a reader should give more rows than that
// thread takes. `apply` from any format should be as fast as from Parquet.
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { capture, Failure, main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { measureApply, mustBeBuilt, OME } from './lib/cli.mjs';
import { conditions, mebibytes, median, table, thousands } from './lib/report.mjs';
import { interleave } from './lib/rounds.mjs';

const PLANTS = join(root, '..', 'shared', 'data', 'plants.parquet');
const PARQUET = 'library.parquet';

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
    const readers = await readAlone(written(scratch, 'readers', options.rows));
    const runs = await applied(written(scratch, 'apply', options['apply-rows']), join(scratch, 'out'));
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'input.md'), markdown(readers, runs));
    console.log(`\nWritten: ${join(options.out, 'input.md')}`);
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

function markdown(readers, runs) {
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
  return `# How fast libraries are read

${conditions({}, [`${thousands(Number(options.rows))} rows for the readers, ${thousands(Number(options['apply-rows']))} for apply; median of ${ROUNDS} runs`])}

Each reader alone, on one thread, with SMILES and id; and complete runs of \`apply\` (phenol to OMe) from the same library.

${table(['file', 'MiB', 'reader alone, rows/s', '`apply`, rows/s', 'beside Parquet'], rows)}
`;
}
