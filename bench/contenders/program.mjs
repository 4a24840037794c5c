// Runs of the programs in bench/programs: their flags, and their last line as the answer.
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

export const PROGRAMS = join(root, 'bench', 'programs');

/** A run of `command` with `words` before the job's own flags; `kind` is the input format, 'parquet' or 'smi'. */
export function programRun(job, { command, words = [], kind, env = {} }) {
  const output = join(job.folder, kind === 'parquet' ? 'products.parquet' : 'products.tsv');
  const flags = {
    '--input': job.library[kind],
    '--transforms': job.transformsFile,
    '--output': output,
    '--workers': String(job.workers),
  };
  return { command, args: [...words, ...Object.entries(flags).flat()], env, output, answer: lastLine };
}

function lastLine(stdout) {
  return JSON.parse(stdout.trim().split('\n').at(-1));
}
