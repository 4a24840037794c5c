// The same products.parquet, byte for byte, whatever options make the run faster or save memory.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { type ApplyOptions, apply, type DedupMode } from 'xform-native';
import { job, OME, root, temporaryFolder, writeLargeLibrary } from './util';

/** Several batches of 500, and repeated products, because the sample appears twice. */
const ROWS = 2000;
const transforms = [OME, 'COOH__TO__CCl'];

const reference: Partial<ApplyOptions> = { workers: 2, maxInFlight: 4, batchSize: 50_000 };

test('workers, batches in flight and batch size change nothing', async (t) => {
  const hash = await hasher(t, 'exact');
  const expected = await hash(reference);
  for (const workers of [1, 2, 8]) {
    for (const maxInFlight of [1, 4, 64]) {
      for (const batchSize of [500, 50_000]) {
        const options = { workers, maxInFlight, batchSize };
        t.deepEqual(await hash(options), expected, JSON.stringify(options));
      }
    }
  }
});

for (const dedup of ['bloom', 'none'] satisfies DedupMode[]) {
  test(`neither do they with --dedup ${dedup}`, async (t) => {
    const hash = await hasher(t, dedup);
    const expected = await hash(reference);
    for (const options of [
      { workers: 1, maxInFlight: 1, batchSize: 500 },
      { workers: 8, maxInFlight: 64, batchSize: 7 },
    ]) {
      t.deepEqual(await hash(options), expected, JSON.stringify(options));
    }
  });
}

test('neither do they with hydrogens as atoms', async (t) => {
  const hash = await hasher(t, 'exact');
  const xfConfig = join(root, '__test__', 'golden', 'hydrogens.yaml');
  const job = { xfConfig, xfName: ['OH_TO_NH2', 'NOT_EITHER'], maxSites: 3 };
  const expected = await hash({ ...reference, ...job });
  for (const options of [
    { workers: 1, maxInFlight: 1, batchSize: 500 },
    { workers: 8, maxInFlight: 64, batchSize: 7 },
    { fast: false },
  ]) {
    t.deepEqual(await hash({ ...options, ...job }), expected, JSON.stringify(options));
  }
});

test('flush interval and memory target change nothing', async (t) => {
  const hash = await hasher(t, 'exact');
  const expected = await hash(reference);
  for (const options of [
    { flushInterval: 1 },
    { flushInterval: 1_000_000 },
    { targetMemory: 40 },
    { targetMemory: 90 },
    { targetMemory: '100MiB' },
  ]) {
    t.deepEqual(await hash(options), expected, JSON.stringify(options));
  }
});

/** A function that runs the job and hashes the file; the summary must report the same hash. */
async function hasher(t: Parameters<typeof temporaryFolder>[0], dedup: DedupMode) {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, ROWS);
  const filter = { bloomExpectedItems: 100_000, bloomFpRate: 0.01 };
  return async (options: Partial<ApplyOptions>) => {
    const { files } = await apply(
      job(folder, { input, xfName: transforms, dedup, ...filter, force: true, ...options }),
    );
    const hashes = ['products', 'rejects'].map((name) => {
      const bytes = readFileSync(join(folder, 'out', `${name}.parquet`));
      return createHash('sha256').update(bytes).digest('hex');
    });
    t.deepEqual(hashes, [files.products.sha256, files.rejects.sha256]);
    return hashes;
  };
}
