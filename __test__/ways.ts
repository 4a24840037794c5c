/** The ways to do one run, all of which give the same bytes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type ApplyOptions, apply, merge, type Summary, verify } from 'xform-native';
import { job, stopWhen } from './util';

/** The summaries of one run: at once, merged from three shards, and resumed after a stop. */
export interface Ways {
  whole: Summary;
  merged: Summary;
  resumed: Summary;
}

/** Does a run of more than 200 rows in several ways, in `folder`, and compares the bytes of all files that it gives. */
export async function doneInAllWays(
  t: ExecutionContext,
  folder: string,
  options: Partial<ApplyOptions>,
): Promise<Ways> {
  const make = (outdir: string, more: Partial<ApplyOptions>) =>
    job(folder, { ...options, outdir: join(folder, outdir), ...more });
  const whole = await apply(make('whole', { workers: 1 }));
  const bytes = (outdir: string) =>
    Object.keys(whole.files).map((name) => readFileSync(join(folder, outdir, `${name}.parquet`)));

  await apply(make('three', { workers: 3, batchSize: 50, recheck: 1 }));
  t.deepEqual(bytes('three'), bytes('whole'));

  await apply(make('plain', { fast: false }));
  t.deepEqual(bytes('plain'), bytes('whole'));

  const shards = [];
  for (const shard of ['1/3', '2/3', '3/3']) {
    shards.push((await apply(make(`shard-${shard[0]}`, { shard }))).output_dir);
  }
  const merged = await merge({ shards, outdir: join(folder, 'merged') });
  t.deepEqual(bytes('merged'), bytes('whole'));

  const stop = stopWhen(({ rows }) => rows > 200);
  await t.throwsAsync(apply(make('stopped', { workers: 1 }), stop));
  const resumed = await apply(make('stopped', { resume: true, workers: 3 }));
  t.deepEqual(bytes('stopped'), bytes('whole'));

  for (const outdir of ['whole', 'merged']) t.like(await verify(join(folder, outdir)), { ok: true });
  return { whole, merged, resumed };
}
