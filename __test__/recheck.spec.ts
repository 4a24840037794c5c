// Rows that RDKit alone makes a second time: an addon with hooks (`npm run build:test-addon`) gives wrong answers, crashes or
// hangs at the SMILES that XFORM_CRASH_SMILES names; `@-2` is the recheck.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import type { Summary } from 'xform-native';
import { crashAt, jobArguments, readParquet, summaryOf, temporaryFolder, xform } from './util';

/** A run that nothing disturbs, and a row of it that has products. */
async function undisturbed(
  t: ExecutionContext,
): Promise<{ folder: string; whole: Summary; smiles: string; row: number }> {
  const folder = temporaryFolder(t);
  const ended = await xform(jobArguments(folder, '-o', join(folder, 'whole'), '--recheck', '0', '--json'));
  t.is(ended.status, 0, ended.stderr);
  const [product] = await readParquet(join(folder, 'whole', 'products.parquet'));
  const smiles = String(product?.['source_smiles']);
  return { folder, whole: summaryOf(ended), smiles, row: Number(product?.['source_row']) };
}

const hashes = ({ files }: Summary) => [files.products.sha256, files.rejects.sha256];

for (const [lie, transform] of [
  ['lie@0', 'a wrong product'],
  ['lie', 'a site that is not seen'],
] as const) {
  test.serial(`${transform} is found, and only --no-fast makes the rows again`, async (t) => {
    const { folder, whole, smiles, row } = await undisturbed(t);
    const env = crashAt(t, `${lie}:${smiles}`);
    const rechecked = jobArguments(folder, '--recheck', '1', '--json');

    const unnoticed = await xform(jobArguments(folder, '-o', join(folder, 'lie'), '--recheck', '0', '--json'), { env });
    t.is(unnoticed.status, 0, unnoticed.stderr);
    t.notDeepEqual(hashes(summaryOf(unnoticed)), hashes(whole), 'the answer is wrong');

    for (const isolate of ['--no-isolate', '--isolate']) {
      const found = await xform([...rechecked, isolate, '--force'], { env });
      t.is(found.status, 1, found.stderr);
      const { error } = JSON.parse(found.stdout);
      t.is(error.code, 'XFORM_RECHECK_DIFFERS');
      t.is(error.details.row, row);
      t.true(error.message.includes(`row ${row}`) && error.message.includes('--no-fast'), error.message);
      t.false(existsSync(join(folder, 'out', 'SUMMARY.json')));
    }

    const resumed = await xform([...rechecked, '--resume'], { env });
    t.is(resumed.status, 2, resumed.stderr);
    t.is(JSON.parse(resumed.stdout).error.code, 'XFORM_RESUME_REFUSED');

    const plain = await xform([...rechecked, '--resume', '--no-fast'], { env });
    t.is(plain.status, 0, plain.stderr);
    const summary = summaryOf(plain);
    t.deepEqual(hashes(summary), hashes(whole));
    t.like(summary, { rows_resumed: 0, rows_plain: summary.total_input, rows_rechecked: 0, restarts: { total: 0 } });
    t.like(summary.options, { fast: false, recheck: 1 });
  });
}

for (const [death, reason] of Object.entries({ abort: 'SIGABRT', spin: 'timed_out' })) {
  test.serial(`${death}: a recheck that the child does not survive is given up, and its row is kept`, async (t) => {
    const { folder, whole, smiles } = await undisturbed(t);
    const args = jobArguments(folder, '--recheck', '1', '--mol-timeout', '1s', '--workers', '2', '--json');
    const ended = await xform(args, { env: crashAt(t, `${death}@-2:${smiles}`) });
    t.is(ended.status, 0, ended.stderr);
    const summary = summaryOf(ended);
    t.deepEqual(hashes(summary), hashes(whole));
    t.like(summary, { recheck_incomplete: 1, quarantined: { crashed: 0, timed_out: 0, out_of_memory: 0 } });
    t.deepEqual(summary.restarts, { total: 1, reasons: { [reason]: 1 } });
    t.true(summary.rows_rechecked > 1);
  });
}

test('the share is one of 0 to 1, and the default rechecks a few rows', async (t) => {
  const folder = temporaryFolder(t);
  const refused = await xform(jobArguments(folder, '--recheck', '1.5'));
  t.is(refused.status, 2);
  t.regex(refused.stderr, /--recheck: 1\.5 is more than 1/);
  const { options, rows_rechecked, total_input } = summaryOf(await xform(jobArguments(folder, '--json')));
  t.like(options, { fast: true, recheck: 0.001 });
  t.true(rows_rechecked <= total_input / 100);
});
