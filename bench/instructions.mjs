// Counts the instructions of each step of the kernel on a thousand fixed rows with valgrind, and compares them with
// bench/instructions.json (npm run bench:instructions). It finds changes that a clock cannot show on a busy machine.
//
//   node bench/instructions.mjs [--update] [--step NAMES]
//
// --update  store the counts of this run
// --step    count only these steps, separated by commas (bench/lib/kernel-steps.mjs)
//
// The exit status is 1 if a step takes more than its stored count plus TOLERANCE. If valgrind is missing, or the stored
// counts come from a different compiler, the check reports this and ends with 0: counts of two compilers differ by more
// than a regression does.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { capture, Failure, main } from '../scripts/lib/run.mjs';
import { needRust } from '../scripts/lib/tools.mjs';
import { cargoBench, FIXED_ROWS, STEPS, withRows } from './lib/kernel-steps.mjs';
import { table, thousands } from './lib/report.mjs';

const STORED = join(root, 'bench', 'instructions.json');
// Counts of equal code differed by less than a thousandth; the changes to find are larger.
const TOLERANCE = 0.02;

const { values: options } = parseArgs({ options: { update: { type: 'boolean' }, step: { type: 'string' } } });

await main(async () => {
  needRust();
  if (capture('valgrind', ['--version']) === null)
    return console.log('instructions: skipped, valgrind is not installed (Debian package valgrind)');
  const stored = JSON.parse(readFileSync(STORED, 'utf8'));
  const compiler = compilers();
  if (!options.update && stored.compiler !== compiler)
    return console.log(
      `instructions: skipped, the stored counts are for ${stored.compiler || 'no compiler yet'}, this is ${compiler}`,
    );
  const names = options.step?.split(',') ?? STEPS.map(({ name }) => name);
  const counts = await withRows(FIXED_ROWS, Infinity, (env) => countAll(names, env));
  console.log(comparison(counts, stored.instructions));
  if (options.update) store({ compiler, instructions: { ...stored.instructions, ...counts } });
  else refuseGrowth(counts, stored.instructions);
});

function compilers() {
  const first = (command, args) => capture(command, args)?.split('\n')[0] ?? 'none';
  return `${first('c++', ['--version'])}; ${first('rustc', ['--version'])}`;
}

/** Instructions for the rows, by step. */
function countAll(names, env) {
  const program = buildProgram(env);
  const counts = {};
  for (const name of names) {
    counts[name] = count(program, name, env);
    console.log(`  ${name}: ${thousands(counts[name])}`);
  }
  return counts;
}

function buildProgram(env) {
  const text = capture('cargo', cargoBench('instructions', '--no-run', '--message-format=json'), {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (text === null) throw new Failure('The program whose instructions are counted cannot be built.');
  const messages = text.split('\n').filter((line) => line.startsWith('{'));
  const isOurs = ({ reason, target, executable }) =>
    reason === 'compiler-artifact' && target.name === 'instructions' && executable;
  return messages.map((line) => JSON.parse(line)).find(isOurs).executable;
}

function count(program, name, env) {
  // Counts only inside `Rows::run`. The code before it (the periodic table, the transforms) takes eight times as much
  // as the rows of `refuse`. It also varies by a million with the size of the environment, because strings on the stack
  // then have a different place in their pages.
  const valgrind = `exec valgrind --tool=callgrind --callgrind-out-file=/dev/null '--toggle-collect=*Rows::run*' "$@" 2>&1`;
  // callgrind prints the count last, on standard error, which is joined with standard output here.
  const collected = /Collected : (\d+)/.exec(capture('sh', ['-c', valgrind, 'sh', program, name], { env }) ?? '');
  if (!(Number(collected?.[1]) > 0)) throw new Failure(`valgrind gave no count for ${name}.`);
  return Number(collected[1]);
}

function change(counted, stored) {
  return stored === undefined ? '' : `${(100 * (counted / stored - 1)).toFixed(2)} %`;
}

function comparison(counts, stored) {
  const rows = Object.entries(counts).map(([name, counted]) => {
    const before = stored[name];
    return [name, thousands(counted), before === undefined ? '' : thousands(before), change(counted, before)];
  });
  return `\n${table(['step', 'instructions', 'stored', 'change'], rows)}\n`;
}

function store(record) {
  writeFileSync(STORED, `${JSON.stringify(record, null, 2)}\n`);
  console.log(`stored in ${STORED}`);
}

function refuseGrowth(counts, stored) {
  const grown = Object.keys(counts).filter((name) => !(counts[name] <= stored[name] * (1 + TOLERANCE)));
  const shrunk = Object.keys(counts).filter((name) => counts[name] < stored[name] * (1 - TOLERANCE));
  if (shrunk.length > 0) console.log(`fewer than stored: ${shrunk.join(', ')}; keep the gain with --update`);
  if (grown.length === 0) return;
  throw new Failure(
    `more instructions than stored, beyond ${100 * TOLERANCE} %: ${grown.join(', ')}. If that is intended: npm run bench:instructions -- --update`,
  );
}
