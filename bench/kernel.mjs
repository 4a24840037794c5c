// Times each step of the kernel on one thread with criterion (npm run bench:kernel); writes bench/results/kernel.md.
//
//   node bench/kernel.mjs [--library FILE] [--rows N] [--baseline NAME] [--out DIR]
//
// --library   Parquet file of the rows (examples/plants-1k.parquet)
// --rows      use at most this many of its rows, evenly spread (1000)
// --baseline  store this run under a name or, if that name exists, compare with it: criterion reports which step has
//             changed
// --out       folder of the report (bench/results)
//
// The kernel has no public interface for its inner steps, so each is a difference between complete runs;
// bench/lib/kernel-steps.mjs defines which.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { main, must } from '../scripts/lib/run.mjs';
import { cargoBench, FIXED_ROWS, STEPS, withRows } from './lib/kernel-steps.mjs';
import { conditions, table, thousands } from './lib/report.mjs';

const CRITERION = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'criterion', 'kernel');

const { values: options } = parseArgs({
  options: {
    library: { type: 'string', default: FIXED_ROWS },
    rows: { type: 'string', default: '1000' },
    baseline: { type: 'string' },
    out: { type: 'string', default: join(root, 'bench', 'results') },
  },
});

await main(() =>
  withRows(options.library, Number(options.rows), async (env, rows) => {
    const command = cargoBench(
      'kernel',
      ...(options.baseline ? ['--', baselineFlag(options.baseline), options.baseline] : []),
    );
    await must('The kernel bench', 'cargo', command, { cwd: root, env });
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'kernel.md'), markdown(rows));
    console.log(`\nWritten: ${join(options.out, 'kernel.md')}`);
  }),
);

function baselineFlag(name) {
  return existsSync(join(CRITERION, STEPS[0].name, name)) ? '--baseline' : '--save-baseline';
}

/** Microseconds per row: criterion's median with its confidence interval. */
function timeOf(step, rows) {
  const { median } = JSON.parse(readFileSync(join(CRITERION, step, 'new', 'estimates.json'), 'utf8'));
  const microseconds = (nanoseconds) => nanoseconds / 1000 / rows;
  const { lower_bound: low, upper_bound: high } = median.confidence_interval;
  return { value: microseconds(median.point_estimate), low: microseconds(low), high: microseconds(high) };
}

function markdown(rows) {
  const times = Object.fromEntries(STEPS.map(({ name }) => [name, timeOf(name, rows)]));
  const step = (name) => {
    const { less } = STEPS.find((each) => each.name === name);
    return less === undefined ? times[name].value : times[name].value - times[less].value;
  };
  const cells = STEPS.map(({ name, less, meaning }) => {
    const { value, low, high } = times[name];
    return [name, meaning, value.toFixed(1), `${low.toFixed(1)}-${high.toFixed(1)}`, less ?? '', step(name).toFixed(1)];
  });
  const header = [
    'run',
    'content (beyond the run that is subtracted)',
    'us per row',
    '95 %',
    'less',
    'step, us per row',
  ];
  return `# Steps of the kernel

Written by \`npm run bench:kernel\`: ${thousands(rows)} rows of ${basename(options.library)}, one thread, criterion's medians.

${conditions({})}

${table(header, cells)}

An additional transform in the same pass costs only its own products, because the parse is shared: each of the three that
\`phenol\` adds takes ${(step('phenol') / 3).toFixed(1)} us per row, while OMe's products take ${step('ome').toFixed(1)} us and a run of OMe alone ${times.ome.value.toFixed(1)} us.
`;
}
