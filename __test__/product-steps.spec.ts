// All that a run can do with products beyond making them, switched on at once: the same bytes, however the run is done.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { type ApplyOptions, apply } from 'xform-native';
import { job, plants, readParquet, temporaryFolder, writeSmiles } from './util';
import { doneInAllWays } from './ways';

const everything: Partial<ApplyOptions> = {
  standardize: 'neutral',
  salts: 'keep',
  properties: 'all',
  parentProperties: true,
  alerts: 'BRENK',
  where: 'MW < 700 and (parent_Rings > 1 or xf_site_count = 1) and (not alerts or QED > 0.4)',
  mapped: true,
  cxsmiles: true,
  dedupKey: 'inchikey',
  parents: true,
  legacy: true,
};

test('workers, shards and an interruption change no byte', async (t) => {
  const folder = temporaryFolder(t);
  const input = await library(folder);
  const exclude = await someProducts(folder, input);
  const { whole } = await doneInAllWays(t, folder, { ...everything, input, exclude });
  const { known, unique, filtered, duplicates = 0 } = whole.sums;
  t.true(known >= KNOWN, `${known} of ${KNOWN}`);
  for (const [count, least] of [
    [unique, 200],
    [filtered, 20],
    [duplicates, 1],
    [whole.rows_standardized, 1],
    [whole.files.parents?.rows ?? 0, 2],
  ] as const) {
    t.true(count >= least, JSON.stringify(whole.sums));
  }
});

/** Products that are known in the main run. */
const KNOWN = 40;

/** A file of some products, written in another spelling. */
async function someProducts(folder: string, input: string): Promise<string> {
  const outdir = join(folder, 'known');
  const { files } = await apply(job(folder, { ...everything, input, outdir }));
  const some = (await readParquet(files.products.file)).slice(0, KNOWN).map((row) => row['mapped_smiles'] as string);
  const path = join(folder, 'known.csv');
  writeFileSync(path, ['smiles', ...some.map((smiles) => smiles.replaceAll(/:\d+\]/g, ']'))].join('\n'));
  return path;
}

/** Plants, some of them as salts and with stereo groups. */
async function library(folder: string): Promise<string> {
  const rows = (await readParquet(plants)).map(({ smiles }) => smiles as string);
  return writeSmiles(
    folder,
    rows.map((smiles, row) => (row % 7 === 0 ? `C[C@H](N)C(=O)[O-].[Na+].${smiles} |&1:1|` : smiles)),
  );
}
