// All that a run can do with products beyond making them, switched on at once: the same bytes, however the run is done.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { type ApplyOptions, apply, merge, verify } from 'xform-native';
import { job, plants, readParquet, stopWhen, temporaryFolder, writeSmiles } from './util';

const everything: Partial<ApplyOptions> = {
  properties: 'all',
  parentProperties: true,
  where: 'MW < 700 and (parent_Rings > 1 or xf_site_count = 1)',
  mapped: true,
  cxsmiles: true,
  salts: 'keep',
};

test('workers, shards and an interruption change no byte', async (t) => {
  const folder = temporaryFolder(t);
  const input = await library(folder);
  const make = (outdir: string, more: Partial<ApplyOptions>) =>
    job(folder, { ...everything, input, outdir: join(folder, outdir), ...more });
  const whole = await apply(make('whole', { workers: 1 }));
  const bytes = (outdir: string) =>
    ['products', 'rejects'].map((name) => readFileSync(join(folder, outdir, `${name}.parquet`)));
  await apply(make('three', { workers: 3, batchSize: 50, recheck: 1 }));
  t.deepEqual(bytes('three'), bytes('whole'));
  const shards = [];
  for (const shard of ['1/3', '2/3', '3/3']) {
    shards.push((await apply(make(`shard-${shard[0]}`, { shard }))).output_dir);
  }
  await merge({ shards, outdir: join(folder, 'merged') });
  t.deepEqual(bytes('merged'), bytes('whole'));
  await t.throwsAsync(
    apply(
      make('stopped', { workers: 1 }),
      stopWhen(({ rows }) => rows > 200),
    ),
  );
  await apply(make('stopped', { resume: true, workers: 3 }));
  t.deepEqual(bytes('stopped'), bytes('whole'));
  for (const outdir of ['whole', 'merged']) t.like(await verify(join(folder, outdir)), { ok: true });
  t.true((whole.unique_products ?? 0) > 500 && whole.sums.filtered > 20);
});

/** Plants, some of them as salts and with stereo groups. */
async function library(folder: string): Promise<string> {
  const rows = (await readParquet(plants)).map(({ smiles }) => smiles as string);
  return writeSmiles(
    folder,
    rows.map((smiles, row) => (row % 7 === 0 ? `C[C@H](N)C(=O)[O-].[Na+].${smiles} |&1:1|` : smiles)),
  );
}
