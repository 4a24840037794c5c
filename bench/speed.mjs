// Speed compared with every peer on the same cores and rows (npm run bench:speed); writes bench/results/speed.md and
// speed.svg.
//
//   node bench/speed.mjs [--contender KEYS] [--library KEYS] [--transforms SETS] [--rounds N] [--workers N] [--rows N]
//                        [--sample N] [--data DIR] [--out DIR]
//
// --contender   compare ours only with these, by key, separated by commas (all; `duckdb` is deduplication alone); the keys
//               are in bench/contenders
// --library     only these libraries (plants,polyphenol-2X,chembl-chiral,znp)
// --transforms  sets: ome, phenol, all (ome,phenol,all)
// --rounds      timed runs of each (5)
// --workers     worker threads or processes, pinned to as many cores if taskset is installed (available parallelism)
// --rows        at most this many rows of a library; --sample does the same for slow contenders (bench/lib/transforms.mjs)
// --data        folder of the development libraries (../shared/data); without it, examples/plants-1k.parquet is used
// --out         folder of the report (bench/results)
//
// The first run builds what the contenders need in the user's cache folder: Python environments, npm packages, Rust
// programs, and RDKit without our patches (about 8 minutes). Instructions are counted if valgrind is installed. The
// report names contenders that are not available. The exit status is 1 if a goal is missed, or if a set of products
// that should equal ours does not.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { Failure, main } from '../scripts/lib/run.mjs';
import { withScratch } from '../scripts/lib/scratch.mjs';
import { contenders } from './contenders/index.mjs';
import { mustBeBuilt } from './lib/cli.mjs';
import { contest } from './lib/contest.mjs';
import { dedupSection } from './lib/dedup.mjs';
import { canCount } from './lib/instruction-counts.mjs';
import { cutLibrary, cutWithPart, findLibraries, readDistinct } from './lib/libraries.mjs';
import { mimallocVersion } from './lib/mimalloc.mjs';
import { pinning } from './lib/pin.mjs';
import { goalsOf, isUnequal } from './lib/speed-goals.mjs';
import { markdown, plot } from './lib/speed-report.mjs';
import { SETS, transformsOf } from './lib/transforms.mjs';

const DEDUP = 'duckdb';
/** Rows on which instructions are counted: valgrind makes a program about thirty times slower. */
const COUNTED_ROWS = 3_000;

const { values: options } = parseArgs({
  options: {
    contender: { type: 'string' },
    library: { type: 'string' },
    transforms: { type: 'string', default: Object.keys(SETS).join(',') },
    rounds: { type: 'string', default: '5' },
    workers: { type: 'string', default: String(availableParallelism()) },
    rows: { type: 'string', default: 'Infinity' },
    sample: { type: 'string', default: 'Infinity' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});
const WORKERS = Number(options.workers);
const ROUNDS = Number(options.rounds);

await main(async () => {
  mustBeBuilt();
  const asked = {
    contenders: chosen('contender', [...contenders.map(({ key }) => key), DEDUP]),
    libraries: chosen(
      'library',
      findLibraries(options.data).map(({ key }) => key),
    ),
    sets: chosen('transforms', Object.keys(SETS)),
  };
  const { ready, absent } = await prepareAll(asked.contenders);
  await withScratch('speed', async (scratch) => {
    const contests = [];
    for (const library of findLibraries(options.data).filter(({ key }) => asked.libraries.has(key))) {
      for (const set of asked.sets) contests.push(await hold(library, set, ready, scratch));
    }
    await writeReport({ contests, absent, dedup: await dedup(asked, scratch) });
    const isMissed = contests.flatMap(goalsOf).some(({ passed }) => !passed);
    const isOther = contests.some(({ entries }) => entries.some(isUnequal));
    process.exitCode = isMissed || isOther ? 1 : 0;
  });
});

/** The values of a flag with commas as a set; all of `known` if the flag is missing. */
function chosen(flag, known) {
  const words = options[flag]?.split(',') ?? known;
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new Failure(`--${flag}: unknown ${unknown}; the values are ${known.join(', ')}.`);
  return new Set(words);
}

async function prepareAll(keys) {
  const [ready, absent] = [[], []];
  for (const contender of contenders.filter(({ key }, index) => index === 0 || keys.has(key))) {
    try {
      ready.push({ contender, start: await contender.prepare() });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(`${contender.title} is not available here: ${error.message}`);
      absent.push({ contender, reason: error.message });
    }
  }
  return { ready, absent };
}

async function hold(library, set, ready, scratch) {
  console.log(`${library.key}, ${SETS[set].title}`);
  const transforms = await transformsOf(set);
  const rows = await readDistinct(library.path);
  const most = Math.min(library.rows, SETS[set].rows, Number(options.rows));
  const whole = cutLibrary(rows, most, scratch, 'whole');
  const sample = cutLibrary(rows, Math.min(most, SETS[set].sample, Number(options.sample)), scratch, 'sample');
  const counted = canCount() ? cutWithPart(rows, Math.min(most, COUNTED_ROWS), scratch, 'counted') : null;
  const able = ready.filter(({ contender }) => transforms.length === 1 || !contender.oneOnly);
  const how = { transforms, rounds: ROUNDS, workers: WORKERS, folder: join(scratch, 'contest') };
  return { library: library.key, set, entries: await contest({ ready: able, whole, sample, counted, ...how }) };
}

async function dedup({ contenders: keys }, scratch) {
  if (!keys.has(DEDUP)) return '';
  return dedupSection({ data: options.data, rounds: ROUNDS, workers: WORKERS, rows: Number(options.rows), scratch });
}

async function writeReport({ contests, absent, dedup }) {
  const words = pinning(WORKERS);
  const pinned = words.length > 0 ? `pinned with \`${words.join(' ')}\`` : 'not pinned';
  const [ours] = contests[0].entries;
  const engine = { name: 'RDKit', version: ours.answer.versions.rdkit };
  const mimalloc = `the library of the crate libmimalloc-sys ${mimallocVersion()}`;
  mkdirSync(options.out, { recursive: true });
  const facts = { contests, absent, rounds: ROUNDS, workers: WORKERS, pinned, mimalloc, engine, dedup };
  writeFileSync(join(options.out, 'speed.md'), markdown(facts));
  writeFileSync(join(options.out, 'speed.svg'), plot(contests));
  console.log(`\nWritten: ${join(options.out, 'speed.md')}`);
}
