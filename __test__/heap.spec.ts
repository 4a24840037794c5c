// Molecules stay out of the JavaScript heap, the event loop stays free, and the allocators stay separate.
//
// XFORM_LONG_TESTS=1 uses 500,000 rows for the long run instead of 50,000.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import test from 'ava';
import type { Measured } from './fixture/measure';
import { job, ofTestAddon, plants, readParquet, run, temporaryFolder, writeLargeLibrary } from './util';

const LONG = process.env['XFORM_LONG_TESTS'] ? 500_000 : 50_000;
const SHORT = 5_000;
const GROWTH_ALLOWED = 5 * 2 ** 20;

// One after the other: the figures require a process that has the machine to itself.
test.serial('the heap of a long run grows no more than that of a short one; the event loop stays free', async (t) => {
  const folder = temporaryFolder(t);
  const [short, long] = [await measure(folder, SHORT), await measure(folder, LONG)];
  t.log(`heap growth: ${short.heapGrowth} bytes for ${SHORT} rows, ${long.heapGrowth} for ${LONG}`);
  t.is(long.rows, LONG);
  t.true(long.heapGrowth <= short.heapGrowth + GROWTH_ALLOWED);

  t.log(
    `event loop busy for ${Math.round(100 * long.busyShare)} % of the time, with ${availableParallelism()} workers`,
  );
  t.true(long.busyShare > 0 && long.busyShare < 0.5);
});

test.serial('a heap snapshot during the run contains no molecule', async (t) => {
  const folder = temporaryFolder(t);
  const snapshot = join(folder, 'midway.heapsnapshot');
  await measure(folder, LONG / 2, snapshot);
  const text = readFileSync(snapshot, 'utf8');
  // The snapshot would show molecules: it does show a string that the measuring script holds.
  t.true(text.includes('a string that lies in the heap'));
  const smiles = (await readParquet(plants)).map((row) => row['smiles'] as string).filter(({ length }) => length > 20);
  const known = smiles.slice(0, 100).map((each) => JSON.stringify(each).slice(1, -1));
  t.is(known.length, 100);
  t.deepEqual(
    known.filter((each) => text.includes(each)),
    [],
  );
});

test('C++ and Rust allocate from mimalloc, and Node’s own malloc is unchanged', async (t) => {
  t.deepEqual(await ofTestAddon('JSON.parse(addon.allocatorReport())'), {
    cxx_new_in_mimalloc: true,
    libstdcxx_string_in_mimalloc: true,
    rust_in_mimalloc: true,
    c_malloc_in_mimalloc: false,
  });
});

/** Runs the job in a separate process, in which only the measuring script uses the heap. */
async function measure(folder: string, rows: number, snapshot?: string): Promise<Measured> {
  const options = job(folder, { input: await writeLargeLibrary(folder, rows), workers: availableParallelism() });
  const script = join(__dirname, 'fixture', 'measure.js');
  const args = ['--expose-gc', script, JSON.stringify({ ...options, force: true }), snapshot ?? ''];
  const ended = await run(process.execPath, args, { timeout: 600_000 });
  if (ended.status !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout) as Measured;
}
