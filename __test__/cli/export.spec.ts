// `xform-native export`: what it prints, standard output, signals.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import type { ExportSummary } from 'xform-native';
import { type Failed, main, plants, run, temporaryFolder, writeLargeLibrary, xform } from '../util';

test('a short summary, or an object', async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, 'plants.csv');
  const shown = await xform(['export', plants, '-o', output, '--where', "smiles like '%Br%'"]);
  t.is(shown.status, 0, shown.stderr);
  t.regex(
    shown.stdout,
    /^.*plants-1k\.parquet\nrows 1,000 = \d+ written \+ \d+ filtered\n.*plants\.csv +\d+ rows +.*B\n$/,
  );
  const again = await xform(['export', plants, '-o', output, '--json']);
  t.is(again.status, 2);
  t.is((JSON.parse(again.stdout) as Failed).error.code, 'XFORM_FILE_EXISTS');
  const forced = await xform(['export', plants, '-o', output, '--force', '--json']);
  t.like(JSON.parse(forced.stdout) as ExportSummary, { format: 'csv', rows_read: 1000, rows_written: 1000 });
  t.is(readFileSync(output, 'utf8').split('\r\n').length, 1002);
  const quiet = await xform(['export', plants, '-o', output, '--force', '--quiet']);
  t.deepEqual([quiet.status, quiet.stdout, quiet.stderr], [0, '', '']);
});

test('rows go to standard output, and nothing else does', async (t) => {
  const shown = await xform(['export', plants, '-o', '-', '--format', 'smi', '--limit', '2', '--json']);
  t.is(shown.status, 0, shown.stderr);
  t.is(shown.stdout.split('\n').length, 3);
  t.like(JSON.parse(shown.stderr) as ExportSummary, { rows_written: 2, was_cut_short: false });
});

test('a reader of standard output that has seen enough ends the export without a word', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 100_000);
  const script = `"$0" "$1" export "$2" -o - --format csv | head -n 1; echo "\${PIPESTATUS[@]}"`;
  const ended = await run('bash', ['-c', script, process.execPath, main, input]);
  t.is(ended.stdout, 'smiles\r\n141 0\n');
  t.is(ended.stderr, '');
});

test('a slow reader gets all rows', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 20_000);
  const script = '"$0" "$1" export "$2" -o - --format csv | { sleep 1; wc -l; }';
  const ended = await run('bash', ['-c', script, process.execPath, main, input]);
  t.is(ended.stdout.trim(), '20001', ended.stderr);
});

for (const [signal, status] of [
  ['SIGTERM', 143],
  ['SIGKILL', null],
] as const) {
  test(`${signal} leaves no file under its final name`, async (t) => {
    const folder = temporaryFolder(t);
    const input = await writeLargeLibrary(folder, 60_000);
    const args = ['export', input, '-o', join(folder, 'all.sdf'), '--workers', '1'];
    const script = `"$0" "$@" & child=$!
      until [ -s .all.sdf.tmp ]; do sleep 0.02; done
      kill -s ${signal} $child; wait $child; exit $?`;
    const ended = await run('bash', ['-c', script, process.execPath, main, ...args], { cwd: folder });
    t.is(ended.status, status ?? 137, ended.stderr);
    const left = readdirSync(folder).filter((name) => !name.startsWith('.'));
    t.deepEqual(left, ['library-60000.parquet']);
    if (signal !== 'SIGKILL') t.deepEqual(readdirSync(folder), left);
  });
}
