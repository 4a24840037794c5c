// `xform-native apply --shard` and `merge`, and the example that runs them as a Slurm job array.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import test from 'ava';
import {
  config,
  type Failed,
  finalFiles,
  jobArguments,
  main,
  OME,
  plants,
  root,
  run,
  summaryOf,
  temporaryFolder,
  xform,
} from '../util';

test('shards and merge give the files of the single run', async (t) => {
  const folder = temporaryFolder(t);
  const whole = summaryOf(await xform(jobArguments(folder, '--json')));
  const shards = [join(folder, 's1'), join(folder, 's2')];
  for (const [index, outdir] of shards.entries()) {
    const ended = await xform(jobArguments(folder, '-o', outdir, '--shard', `${index + 1}/2`));
    t.is(ended.status, 0, ended.stderr);
    t.true(ended.stderr.startsWith(`${OME} on 500 rows, shard ${index + 1}/2; `), ended.stderr);
    t.true(ended.stdout.includes(`${index + 1}/2: 500 rows from row ${500 * index} of 1,000\n`), ended.stdout);
  }
  const outdir = join(folder, 'merged');
  const ended = await xform(['merge', ...shards, '-o', outdir]);
  t.is(ended.status, 0, ended.stderr);
  t.is(ended.stderr, '');
  t.regex(ended.stdout, /^rows +1,000 = 380 with products/m);
  t.regex(ended.stdout, /^products +944 = 939 unique \+ 5 duplicates$/m);
  t.regex(ended.stdout, /^shards +2$/m);
  for (const name of ['products.parquet', 'rejects.parquet']) {
    t.deepEqual(readFileSync(join(outdir, name)), readFileSync(join(whole.output_dir, name)), name);
  }
  t.is((await xform(['verify', outdir])).status, 0);

  const again = await xform(['merge', ...shards, '-o', outdir]);
  t.is(again.status, 0, again.stderr);
  t.regex(again.stdout, /^Nothing was run: /);
  const taken = await xform(['merge', ...shards, '-o', whole.output_dir, '--json']);
  t.is(taken.status, 2);
  t.is((JSON.parse(taken.stdout) as Failed).error.code, 'XFORM_OUTPUT_EXISTS');
  t.deepEqual(summaryOf(await xform(['merge', ...shards, '-o', outdir, '--force', '--json'])).sums, whole.sums);
});

test('shards that cannot be merged are a usage error that explains what to do', async (t) => {
  const folder = temporaryFolder(t);
  const shard = join(folder, 's3');
  t.is((await xform(jobArguments(folder, '-o', shard, '--shard', '3/7'))).status, 0);
  const outdir = join(folder, 'merged');
  const missing = await xform(['merge', shard, '-o', outdir, '--json']);
  t.is(missing.status, 2);
  const { error } = JSON.parse(missing.stdout) as Failed;
  t.is(error.code, 'XFORM_SHARD_MISSING');
  t.regex(missing.stderr, /missing shards: 1\/7, 2\/7, 4\/7, 5\/7, 6\/7, 7\/7; run any that have not been run/);
  t.deepEqual(finalFiles(outdir), []);
  const none = await xform(['merge', '-o', outdir]);
  t.is(none.status, 2);
  t.regex(none.stderr, /missing required argument 'shard'/);
  const noOutdir = await xform(['merge', shard]);
  t.is(noOutdir.status, 2);
  t.regex(noOutdir.stderr, /--outdir: is required/);
  const wrong = await xform(jobArguments(folder, '--shard', '8/7'));
  t.is(wrong.status, 2);
  t.regex(wrong.stderr, /^error: --shard: "8\/7" is not a valid shard/);
});

test('the Slurm example runs each shard as a task, and the merge after them', async (t) => {
  const folder = temporaryFolder(t);
  const whole = summaryOf(await xform(jobArguments(folder, '--json')));
  const tools = join(folder, 'bin');
  mkdirSync(tools);
  const calls = join(folder, 'calls');
  writeTool(join(tools, 'xform-native'), `exec "${process.execPath}" "${main}" "$@"`);
  // Runs its arguments at once, as each task of an array or as a job.
  writeTool(
    join(tools, 'sbatch'),
    `echo "SHARDS=\${SHARDS:-} $*" >> "${calls}"
     while [[ $1 == --* ]]; do
       [[ $1 == --array=1-* ]] && export SLURM_ARRAY_TASK_COUNT=\${1#--array=1-}
       [[ $1 == --cpus-per-task=* ]] && export SLURM_CPUS_PER_TASK=\${1#*=}
       shift
     done
     if [[ -n \${SLURM_ARRAY_TASK_COUNT:-} ]]; then
       for task in $(seq "$SLURM_ARRAY_TASK_COUNT"); do SLURM_ARRAY_TASK_ID=$task bash "$@" >&2; done
       echo '42;cluster'
     else
       bash "$@" >&2
       echo 43
     fi`,
  );
  const out = join(folder, 'run');
  const env = {
    PATH: [tools, process.env['PATH']].join(delimiter),
    INPUT: plants,
    XF_CONFIG: config,
    XF_NAME: OME,
    OUT: out,
    CPUS: '2',
  };
  const script = join(root, 'examples', 'slurm-array.sh');
  const ended = await run('bash', [script, '3'], { env });
  t.is(ended.status, 0, ended.stderr);
  t.is(ended.stdout, '42;cluster 43\n');
  t.deepEqual(readFileSync(calls, 'utf8').split('\n').slice(0, 2), [
    `SHARDS=3 --parsable --array=1-3 --cpus-per-task=2 ${script} shard`,
    `SHARDS= --parsable --dependency=afterok:42 ${script} merge`,
  ]);
  const products = (outdir: string) => readFileSync(join(outdir, 'products.parquet'));
  t.deepEqual(products(join(out, 'merged')), products(whole.output_dir));

  // A part of the array, submitted again: Slurm counts only that part, and a finished task stays as it is.
  const before = readFileSync(join(out, 'shards', '2', 'SUMMARY.json'), 'utf8');
  const task = { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_COUNT: '1', SHARDS: '3' };
  const again = await run('bash', [script, 'shard'], { env: { ...env, ...task } });
  t.is(again.status, 0, again.stderr);
  t.is(readFileSync(join(out, 'shards', '2', 'SUMMARY.json'), 'utf8'), before);

  const missing = await run('bash', [script, 'merge'], { env: { PATH: env.PATH } });
  t.not(missing.status, 0);
  t.regex(missing.stderr, /INPUT: the library/);
});

function writeTool(path: string, text: string): void {
  writeFileSync(path, `#!/usr/bin/env bash\nset -euo pipefail\n${text}\n`);
  chmodSync(path, 0o755);
}
