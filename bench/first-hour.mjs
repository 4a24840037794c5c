// A first hour with the program (npm run bench:first-hour): installation of the packed packages, the demo, and dry runs;
// writes bench/results/first-hour.md.
//
//   node bench/first-hour.mjs [--rounds N] [--data DIR] [--out DIR]
//
// --rounds  timed runs of each (5)
// --data    folder of the development libraries (../shared/data); without it, examples/plants-1k.parquet is used
// --out     folder of the report (bench/results)
//
// The packages are those of `npm run package`. Npm finds them and what they depend on in its cache, so that the time of
// a network is not part of the figures.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { Failure, main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { CONFIG, mustBeBuilt, OME } from './lib/cli.mjs';
import { findLibraries, readDistinct } from './lib/libraries.mjs';
import { writeSmiles } from './lib/library.mjs';
import { measure } from './lib/measure.mjs';
import { conditions, median, table, verdict } from './lib/report.mjs';
import { interleave } from './lib/rounds.mjs';

const PACKAGES = join(root, 'out', 'packages');

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});

await main(async () => {
  mustBeBuilt();
  await withScratch('first-hour', async (scratch) => {
    const app = join(scratch, 'app');
    const command = join(app, 'node_modules', '.bin', 'xform-native');
    const install = () => installInto(app);
    await install();
    const demo = () => seconds(command, ['demo', '--force', '--quiet'], app);
    const entries = [
      { title: '`npm install`, from the cache', run: install },
      { title: '`npx xform-native demo`', goal: 15, run: demo },
      ...(await dryRuns(scratch, command)),
    ];
    await interleave(entries, Number(options.rounds), (entry) => entry.run());
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'first-hour.md'), markdown(entries));
    console.log(`\nWritten: ${join(options.out, 'first-hour.md')}`);
    process.exitCode = entries.every(isReached) ? 0 : 1;
  });
});

async function seconds(command, args, cwd) {
  return (await measure(command, args, { watch: false, cwd })).seconds;
}

/** Installs the packed packages into a new folder; the first time fills npm's cache. */
function installInto(app) {
  const tarballs = readdirSync(PACKAGES).filter((name) => name.endsWith('.tgz'));
  if (tarballs.length === 0) throw new Failure(`${PACKAGES} is empty: run "npm run package" first`);
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app);
  const words = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
  return seconds('npm', [...words, ...tarballs.map((name) => join(PACKAGES, name))], app);
}

/** Dry runs over a library as Parquet and as text. */
async function dryRuns(scratch, command) {
  const entries = [];
  for (const { path } of findLibraries(options.data)) {
    const text = join(scratch, `${basename(path, '.parquet')}.smi`);
    writeSmiles(text, await readDistinct(path));
    for (const input of [path, text]) {
      const args = ['apply', '-i', input, '-o', join(scratch, 'nothing'), '-c', CONFIG, '--xf-name', OME, '--dry-run'];
      const run = () => seconds(command, [...args, '--quiet'], scratch);
      entries.push({ title: `\`apply --dry-run\`, ${basename(input)}`, goal: 20, run });
    }
  }
  return entries;
}

function isReached({ goal = Number.POSITIVE_INFINITY, runs }) {
  return median(runs) < goal;
}

function markdown(entries) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const rows = entries.map((entry) => {
    const { title, goal, runs } = entry;
    const bound = goal === undefined ? ['', ''] : [`${goal}`, verdict(isReached(entry))];
    return [title, median(runs).toFixed(1), ...bound];
  });
  return `# The first hour

${conditions({}, [`packages of version ${version}; median of ${options.rounds} runs`])}

${table(['what', 's', 'goal, s', ''], rows)}
`;
}
