// `xform-native sample` and `xform-native summarize`: what they print, and standard output. Whole screens are in
// golden/terminal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import type { SampleSummary, TableReport } from 'xform-native';
import { type Failed, main, plants, run, temporaryFolder, writeLargeLibrary, xform } from '../util';

test('without a file, sample shows a table of rows and the counts', async (t) => {
  const shown = await xform(['sample', plants, '--n', '3']);
  t.deepEqual([shown.status, shown.stderr], [0, '']);
  const lines = shown.stdout.trimEnd().split('\n');
  t.regex(String(lines[0]), /^coconut_id +smiles/);
  t.deepEqual(lines.slice(4), ['', plants, 'rows 1,000, 3 picked']);
  t.true(lines.slice(0, 4).every((line) => Array.from(line).length <= 80));
});

test('a sample without rows shows only the counts', async (t) => {
  const shown = await xform(['sample', plants, '--where', "smiles = ''"]);
  t.is(shown.stdout, `${plants}\nrows 1,000 = 1,000 filtered + 0 eligible, 0 picked\n`);
});

test('with a file, sample prints a short summary, or an object', async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, 'some.csv');
  const args = ['sample', plants, '-o', output, '--where', "smiles like '%Br%'"];
  const shown = await xform(args);
  t.is(shown.status, 0, shown.stderr);
  t.regex(
    shown.stdout,
    /^.*plants-1k\.parquet\nrows 1,000 = \d+ filtered \+ \d+ eligible, \d+ picked\n.*some\.csv +\d+ rows/,
  );
  t.regex(shown.stderr, /\d+ rows were picked, not 100: there are no more/);
  const again = await xform([...args, '--json']);
  t.is(again.status, 2);
  t.is((JSON.parse(again.stdout) as Failed).error.code, 'XFORM_FILE_EXISTS');
  const forced = await xform(['sample', plants, '-o', output, '--n', '7', '--force', '--json']);
  t.like(JSON.parse(forced.stdout) as SampleSummary, { format: 'csv', rows_picked: 7, sample: null });
  t.is(readFileSync(output, 'utf8').split('\r\n').length, 9);
  const quiet = await xform(['sample', plants, '-o', output, '--force', '--quiet']);
  t.deepEqual([quiet.status, quiet.stdout, quiet.stderr], [0, '', '']);
});

test('the rows of a sample go to standard output, and nothing else does', async (t) => {
  const shown = await xform(['sample', plants, '-o', '-', '--format', 'smi', '--n', '2', '--json']);
  t.is(shown.status, 0, shown.stderr);
  t.is(shown.stdout.split('\n').length, 3);
  t.like(JSON.parse(shown.stderr) as SampleSummary, { rows_picked: 2, was_cut_short: false });
});

test('a reader of standard output that has seen enough ends the sample without a word', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 100_000);
  const script = `"$0" "$1" sample "$2" -o - --n 90000 --format csv | head -n 1; echo "\${PIPESTATUS[@]}"`;
  const ended = await run('bash', ['-c', script, process.execPath, main, input]);
  t.is(ended.stdout, 'smiles\r\n141 0\n');
  t.is(ended.stderr, '');
});

test('options are refused by the names of their flags', async (t) => {
  const refused = await xform(['sample', plants, '--strata', 'smiles']);
  t.is(refused.status, 2);
  t.regex(refused.stderr, /--strata: requires --by stratified/);
  const many = await xform(['sample', plants, '--n', '2000']);
  t.regex(many.stderr, /--n: 2000 is more than 1000, and without --output the rows are shown; name a file/);
});

test('summarize prints a table, an object, or the figures', async (t) => {
  const shown = await xform(['summarize', plants]);
  t.is(shown.status, 0, shown.stderr);
  t.is(shown.stdout, `${plants}\nrows 1,000\n rows\n1,000\n`);
  const json = await xform(['summarize', plants, '--json']);
  t.like(JSON.parse(json.stdout) as TableReport, { rows_read: 1000, columns: [], total: { rows: 1000 } });
  const piped = await xform(['summarize', plants, '-o', '-', '--format', 'tsv']);
  t.deepEqual([piped.stdout, piped.stderr], ['rows\n1000\n', '']);
});
