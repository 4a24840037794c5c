// Instructions per row of a program, counted with valgrind; a busy machine does not change them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from '../../scripts/lib/run.mjs';
import { withScratch } from '../../scripts/lib/scratch.mjs';
import { measure } from './measure.mjs';

/** Whether instructions can be counted here. */
export function canCount() {
  return capture('valgrind', ['--version']) !== null;
}

/**
 * Instructions per row of a run, over all its processes: the difference between `whole` and `part`, divided by the rows
 * that only `whole` has, so that start-up cancels out. `start` makes a run from a job, `jobFor` a job from a library.
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
