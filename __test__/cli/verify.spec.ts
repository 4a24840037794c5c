// `xform-native verify`: an intact folder, and damaged ones.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { apply, OptionError, type VerifyReport, verify } from 'xform-native';
import { verifyText } from '../../dist/cli/verify';
import { job, temporaryFolder, xform } from '../util';

test('a finished run passes, and a changed byte is found', async (t) => {
  const options = job(temporaryFolder(t));
  await apply(options);
  const well = await xform(['verify', options.outdir]);
  t.is(well.status, 0, well.stderr);
  t.regex(well.stdout, /^ok {4} /);
  t.false(well.stdout.includes('failed'));
  t.like(await verify(options.outdir), { ok: true, advice: null });

  const products = join(options.outdir, 'products.parquet');
  const bytes = readFileSync(products);
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(products, bytes);
  const spoilt = await xform(['verify', options.outdir, '--json']);
  t.is(spoilt.status, 1, spoilt.stderr);
  const report = JSON.parse(spoilt.stdout) as VerifyReport;
  t.is(report.ok, false);
  t.true(report.checks.some(({ ok, detail }) => !ok && detail !== ''));
  t.truthy(report.advice);
  t.regex((await xform(['verify', options.outdir])).stdout, /^failed /m);
});

test('a changed figure of the summary is found', async (t) => {
  const options = job(temporaryFolder(t));
  await apply(options);
  const path = join(options.outdir, 'SUMMARY.json');
  const summary = readFileSync(path, 'utf8');
  writeFileSync(path, summary.replace(/"sites": \d+/, '"sites": 1'));
  const report = await verify(options.outdir);
  const failed = report.checks.filter(({ ok }) => !ok).map(({ name }) => name);
  t.deepEqual(failed, ['summary', 'sums']);
});

test('if verify cannot spill to disk, it blames no file', async (t) => {
  const options = job(temporaryFolder(t));
  await apply(options);
  const ended = await xform(['verify', options.outdir, '--json'], { env: { TMPDIR: join(options.outdir, 'none') } });
  t.is(ended.status, 1, ended.stderr);
  t.is(JSON.parse(ended.stdout).error.code, 'XFORM_OUTPUT_FAILED');
});

test('the table is aligned, with the advice below it', (t) => {
  const checks = [
    { name: 'SUMMARY.json', ok: true, detail: 'is there' },
    { name: 'rows', ok: false, detail: '938 of 939' },
  ];
  const text = verifyText({ outdir: 'out', ok: false, checks, advice: 'Run it again.' }, 80);
  t.is(text, 'ok      SUMMARY.json  is there\nfailed  rows          938 of 939\n\nRun it again.\n');
});

test('verify requires a folder', async (t) => {
  const ended = await xform(['verify', '--json']);
  t.is(ended.status, 2);
  t.regex(ended.stderr, /missing required argument 'folder'/);
  await t.throwsAsync(verify(''), { instanceOf: OptionError });
});
