// Fuzzes the code that reads bytes from outside (fuzz/): each target for a while, from its seeds and earlier findings.
//
//     npm run fuzz                              every target, 20 seconds each
//     npm run fuzz -- --seconds 600 parquet     one target for longer
//
// An input that breaks something ends its target and is kept in fuzz/artifacts/<target>; `npm run fuzz -- <target>
// --input FILE` runs that input alone.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cargoEnvironment } from './lib/build.mjs';
import { writeSeeds } from './lib/fuzz-seeds.mjs';
import { root } from './lib/paths.mjs';
import { Failure, main, must, run } from './lib/run.mjs';
import { withScratch } from './lib/scratch.mjs';
import { ADDON_TOOLS, needCargoFuzz, needNightly, needTools } from './lib/tools.mjs';

const FUZZ = join(root, 'fuzz');
const BUILD = join(root, 'target', 'fuzz');
const CARGO = ['+nightly', 'fuzz'];
const PLACES = ['--fuzz-dir', FUZZ, '--target-dir', BUILD];

// An input may take 20 seconds and 2 GiB, much of which the sanitizer uses.
const LIMITS = ['-timeout=20', '-rss_limit_mb=2048', '-malloc_limit_mb=512'];

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string', default: '20' }, input: { type: 'string' } },
  });
  const targets = chooseTargets(positionals);
  await needNightly();
  await needTools(ADDON_TOOLS);
  await needCargoFuzz();
  const env = await cargoEnvironment();
  await must('Building the fuzz targets', 'cargo', [...CARGO, 'build', ...PLACES], { env });
  await withScratch(
    'fuzz',
    async (scratch) => {
      const options = { env: { ...env, TMPDIR: scratch }, cwd: root };
      const failed = [];
      for (const target of targets) if ((await fuzz(target, values, options)) !== 0) failed.push(target);
      if (failed.length > 0) throw new Failure(`fuzz: ${failed.join(', ')}; the inputs are in fuzz/artifacts`);
    },
    existsSync('/dev/shm') ? '/dev/shm' : tmpdir(),
  );
});

function chooseTargets(asked) {
  const targets = readdirSync(join(FUZZ, 'targets')).map((file) => basename(file, '.rs'));
  const unknown = asked.find((name) => !targets.includes(name));
  if (unknown) throw new Failure(`unknown target ${unknown}; the targets are ${targets.join(', ')}.`);
  return asked.length > 0 ? asked : targets;
}

/** Runs one target; its corpus is the first folder, because libFuzzer adds new inputs to the first one. */
function fuzz(target, { seconds, input }, options) {
  console.log(`\n== ${target}`);
  const corpus = join(FUZZ, 'corpus', target);
  mkdirSync(corpus, { recursive: true });
  const inputs = input ? [resolve(input)] : [corpus, ...writeSeeds(target, join(BUILD, 'seeds', target))];
  const dictionary = join(FUZZ, 'dictionaries', `${target}.dict`);
  const flags = [...LIMITS, `-max_total_time=${seconds}`, '-verbosity=0', '-print_final_stats=1'];
  if (existsSync(dictionary)) flags.push(`-dict=${dictionary}`);
  return run('cargo', [...CARGO, 'run', ...PLACES, target, ...inputs, '--', ...flags], options);
}
