// Instructions per row of a program, which a busy machine does not change, by valgrind.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from '../../scripts/lib/run.mjs';
import { withScratch } from '../../scripts/lib/scratch.mjs';
import { measure } from './measure.mjs';

/** Whether they can be counted here. */
export function canCount() {
  return capture('valgrind', ['--version']) !== null;
}

/**
 * Instructions of a run, by all its processes, for each row that `whole` has and `part` has not: start-up is the same in
 * both. `start` makes a run of a job, `jobFor` a job of a library.
 */
export async function instructionsPerRow(start, jobFor, { whole, part }) {
  const [all, some] = [await instructions(start(jobFor(whole))), await instructions(start(jobFor(part)))];
  return (all - some) / (whole.rows - part.rows);
}

function instructions({ command, args, env }) {
  return withScratch('count', async (folder) => {
    const files = ['--cachegrind-out-file=/dev/null', `--log-file=${join(folder, '%p')}`];
    const how = ['--tool=cachegrind', '--cache-sim=no', '--trace-children=yes', ...files];
    await measure('valgrind', [...how, command, ...args], { watch: false, env });
    const counts = readdirSync(folder).map((name) =>
      /I\s+refs:\s+([\d,]+)/.exec(readFileSync(join(folder, name), 'utf8')),
    );
    return counts.reduce((sum, found) => sum + Number(found?.[1].replaceAll(',', '') ?? 0), 0);
  });
}
