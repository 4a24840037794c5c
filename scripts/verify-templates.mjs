// Compares `xform-native rules check` with RDKit's own validation, on the reaction templates of public repositories
// (npm run verify:templates).
//
//   node scripts/verify-templates.mjs [--from DIR] [--source ID ...]
//
// --from     as for scripts/public-templates.mjs
// --source   only this source of scripts/templates/sources.json; may be given several times
//
// The exit status is 1 if the command crashes, if a verdict differs (scripts/templates/verdicts.mjs says what is
// expected), or if too few templates are left for the check to mean something.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.mjs';
import { Failure, main } from './lib/run.mjs';
import { withScratch } from './lib/scratch.mjs';
import { findPython } from './oracle/python.mjs';
import { checkTemplates } from './templates/check.mjs';
import { extractTemplates } from './templates/extract.mjs';
import { refusal } from './templates/verdicts.mjs';

const CLI = join(root, 'dist', 'cli', 'main.js');
const ORACLE = join(root, 'scripts', 'oracle', 'main.py');
const CHECK = [process.execPath, CLI, 'rules', 'check', '--json'];
const HARMLESS = {
  name: 'probe',
  smirks: '[C:1]>>[C:1]F',
  parses: true,
  reactants: 1,
  products: 1,
  warnings: 0,
  errors: 0,
};
const ROWS_OF_A_FILE = 500;
const LEAST_WITH_ONE_REACTANT = 1000;
const LEAST_REPOSITORIES = 4;

const { values: options } = parseArgs({
  options: { from: { type: 'string' }, source: { type: 'string', multiple: true } },
});

async function verify(scratch) {
  if (!existsSync(CLI)) throw new Failure(`${CLI} is missing: run "npm run setup" first`);
  const python = findPython();
  // A command that fails on everything would be halved down to each template.
  const [broken] = checkTemplates([HARMLESS], CHECK, scratch);
  if (broken) throw new Failure(broken);
  const files = await extractTemplates(scratch, options.from);
  const unknown = options.source?.find((wanted) => !files.some(({ id }) => id === wanted));
  if (unknown) throw new Failure(`--source is one of ${files.map(({ id }) => id).join(', ')}`);
  const isWanted = ({ id }) => !options.source || options.source.includes(id);
  const results = files.filter(isWanted).map((file) => verifyFile(file, python, scratch));
  const isEnough = options.source || sumUp(results);
  return isEnough && results.every(({ faults }) => faults.length === 0);
}

/** Checks the templates of one source, and prints what differs. */
function verifyFile({ id, path, repository }, python, scratch) {
  const verdicts = verdictsOf(path, python);
  const faults = [];
  for (let start = 0; start < verdicts.length; start += ROWS_OF_A_FILE) {
    faults.push(...checkTemplates(verdicts.slice(start, start + ROWS_OF_A_FILE), CHECK, scratch));
  }
  const withOne = verdicts.filter(({ reactants }) => reactants === 1).length;
  const refused = verdicts.filter(refusal).length;
  const warned = verdicts.filter(({ warnings }) => warnings > 0).length;
  console.log(
    `${id} (${basename(repository)}): ${verdicts.length} templates, ${withOne} with one reactant, ${refused} refused, ` +
      `${warned} with RDKit's warnings, ${faults.length} faults`,
  );
  for (const fault of faults) console.log(`    DIFFERENCE ${fault}`);
  return { repository, verdicts, withOne, faults };
}

function verdictsOf(path, python) {
  const out = `${path}.json`;
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const done = spawnSync(python, [ORACLE, 'templates', path, out], { stdio: ['ignore', 'ignore', 'inherit'], env });
  if (done.status !== 0) throw new Failure(`RDKit in Python ends with ${done.signal ?? done.status} on ${path}.`);
  return JSON.parse(readFileSync(out, 'utf8'));
}

/** Prints the totals; whether there are enough templates. */
function sumUp(results) {
  const total = (count) => results.reduce((sum, result) => sum + count(result), 0);
  const withOne = total((result) => result.withOne);
  const repositories = new Set(results.map(({ repository }) => repository)).size;
  console.log(
    `\n${total(({ verdicts }) => verdicts.length)} templates of ${repositories} repositories, ${withOne} with one reactant, ` +
      `${total(({ faults }) => faults.length)} faults`,
  );
  return withOne >= LEAST_WITH_ONE_REACTANT && repositories >= LEAST_REPOSITORIES;
}

await main(async () => {
  process.exitCode = (await withScratch('templates', verify)) ? 0 : 1;
});
