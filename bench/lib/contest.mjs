// One contest: several contenders on the same rows and transforms, in interleaved rounds.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { capture, Failure } from '../../scripts/lib/run.mjs';
import { findPython } from '../../scripts/oracle/python.mjs';
import { instructionsPerRow } from './instruction-counts.mjs';
import { measure } from './measure.mjs';
import { pinning } from './pin.mjs';
import { interleave } from './rounds.mjs';

const COMPARE = join(root, 'bench', 'programs', 'python', 'compare_sets.py');

/**
 * Runs each contender once for its memory and its products, then `rounds` times in turn for its time.
 *
 * `ready` is [{ contender, start }] with ours first; `whole` and `sample` are libraries as `cutLibrary` returns them;
 * `counted` is { whole, part }, the libraries on which instructions are counted, or null if they cannot be. Returns [{
 * contender, rows, peakBytes, answer, common, instructions, runs: [{ seconds, cpuSeconds, rate }], fault }]; `common`
 * compares the products with ours, `instructions` are per row, `fault` is the reason why a contender dropped out.
 */
export async function contest({ ready, whole, sample, counted, transforms, rounds, workers, folder }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const transformsFile = join(folder, 'transforms.tsv');
  writeFileSync(transformsFile, transforms.map(({ name, smirks }) => `${name}\t${smirks}\n`).join(''));
  const jobFor = (library, name) => ({ library, transforms, transformsFile, workers, folder: join(folder, name) });
  const entries = ready.map(({ contender, start }) => {
    const library = contender.isSlow ? sample : whole;
    return { contender, start, job: jobFor(library, contender.key), rows: library.rows, fault: null };
  });
  const reference = await references(entries, jobFor);

  for (const entry of entries) await guarded(entry, () => firstRun(entry, reference));
  for (const entry of entries.filter(({ contender }) => counted && contender.isCounted))
    await guarded(entry, () => countedRun(entry, counted));
  await interleave(entries, rounds, (entry) => guarded(entry, () => timedRun(entry)));
  return entries;
}

/** Our own products on the whole library and, if a contender needs it, on the sample: a function of the library. */
async function references([{ start }, ...others], jobFor) {
  const made = new Map();
  for (const { job } of others) {
    const { library } = job;
    if (made.has(library)) continue;
    const { output } = await execute(start, jobFor(library, `reference-${made.size}`), { watch: false });
    made.set(library, output);
  }
  return (library) => made.get(library);
}

/** A contender that fails records its reason and takes no further part. */
async function guarded(entry, body) {
  if (entry.fault) return undefined;
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    entry.fault = error.message;
    console.error(`${entry.contender.title}: ${error.message}`);
    return undefined;
  }
}

async function firstRun(entry, reference) {
  const { contender, start, job } = entry;
  const { measured, answer, output } = await execute(start, job, { watch: true });
  Object.assign(entry, { answer, peakBytes: measured.peakBytes });
  const ourProducts = reference(job.library);
  if (contender.set !== 'none' && ourProducts)
    entry.common = compareSets(ourProducts, output, contender.set, job.workers);
}

async function countedRun(entry, counted) {
  const jobFor = (library) => {
    emptied(entry.job.folder);
    return { ...entry.job, library, workers: 1 };
  };
  entry.instructions = await instructionsPerRow(entry.start, jobFor, counted);
  console.log(`  ${entry.contender.title}: ${Math.round(entry.instructions)} instructions per row`);
}

async function timedRun({ contender, start, job, rows }) {
  const { measured, answer } = await execute(start, job, { watch: false, cpu: true });
  const seconds = answer.seconds ?? measured.seconds;
  console.log(`  ${contender.title}: ${seconds.toFixed(2)} s, ${Math.round(rows / seconds)} rows/s`);
  return { seconds, cpuSeconds: measured.cpuSeconds, rate: rows / seconds, answer };
}

/** Runs a contender in its folder, which is emptied before. */
async function execute(start, job, how) {
  emptied(job.folder);
  const { command, args, env, output, answer } = start(job);
  const [program, ...words] = [...pinning(job.workers), command, ...args];
  const measured = await measure(program, words, { ...how, env });
  return { measured, output, answer: answer(measured.stdout) };
}

function emptied(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

function compareSets(ours, theirs, set, workers) {
  const flags = ['--jobs', String(workers), ...(set === 'converted' ? ['--convert'] : [])];
  const text = capture(findPython(), [COMPARE, ...flags, ours, theirs], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (text === null) throw new Failure(`the products in ${theirs} cannot be compared with ours`);
  return JSON.parse(text);
}
