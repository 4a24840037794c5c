// Text that is not what its name promises, as users have it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { apply, merge, type Summary } from 'xform-native';
import {
  type Failed,
  finalFiles,
  job,
  jobArguments,
  readParquet,
  summaryOf,
  temporaryFolder,
  unwrapped,
  xform,
} from '../util';

function write(folder: string, name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Runs the main job on a file of this content; returns parents and ids of the products, in order. */
async function parents(t: ExecutionContext, name: string, content: string, ...flags: string[]) {
  const folder = temporaryFolder(t);
  const input = write(folder, name, content);
  const ended = await xform(jobArguments(folder, '-i', input, '--json', ...flags));
  t.is(ended.status, 0, ended.stderr);
  const summary = summaryOf(ended);
  t.is(summary.rejected_rows, 0);
  const rows = await readParquet(summary.files.products.file);
  return { summary, parents: rows.map((row) => [row['source_smiles'], row['source_id']]) };
}

const layouts: [what: string, name: string, content: string, expected: [string, unknown][]][] = [
  [
    'ids before SMILES',
    'l.txt',
    '702\tCCO\n996\tOc1ccccc1\n289\tOc1ccccc1O\n',
    [
      ['Oc1ccccc1', '996'],
      ['Oc1ccccc1O', '289'],
    ],
  ],
  ['no header, commas', 'l.csv', 'Cc1ccccc1O,M1,108.1\nCCO,M2,46.1\n', [['Cc1ccccc1O', 'M1']]],
  ['no header, tabs', 'l.tsv', 'Cc1ccccc1O\tM1\t108.1\nc1ccncc1\tM4\t79.1\n', [['Cc1ccccc1O', 'M1']]],
  [
    'line ends of old Macs',
    'l.smi',
    'CCO M1\rCc1ccccc1O M2\rOc1ccccc1 M3\r',
    [
      ['Cc1ccccc1O', 'M2'],
      ['Oc1ccccc1', 'M3'],
    ],
  ],
  ['a table with SMILES first', 'l.txt', 'smiles\tcode\tmw\tmol_id\nCc1ccccc1O\tM1\t108.1\t7\n', [['Cc1ccccc1O', '7']]],
  ['the header of RDKit’s writer', 'l.smi', 'SMILES Name \nCc1ccccc1O M1\n', [['Cc1ccccc1O', 'M1']]],
  ['semicolons', 'l.csv', 'id;smiles;mw\nM1;Cc1ccccc1O;108.1\n', [['Cc1ccccc1O', 'M1']]],
  ['a header of unknown names', 'l.csv', 'compound_id,mol\nM1,Cc1ccccc1O\nM2,CCO\n', [['Cc1ccccc1O', 'M1']]],
];

for (const [what, name, content, expected] of layouts) {
  test(`${what} are read correctly`, async (t) => {
    t.deepEqual((await parents(t, name, content)).parents, expected);
  });
}

test('the layout that was found is shown before and after the run, with the reason', async (t) => {
  const folder = temporaryFolder(t);
  const input = write(folder, 'l.csv', 'Cc1ccccc1O;M1\nCCO;M2\n');
  const { stdout, stderr } = await xform(jobArguments(folder, '-i', input));
  const words = 'columns separated by semicolon, no header (column 1 reads as SMILES from the first line on)';
  t.true(stderr.includes(`SMILES from "column_1", id from "column_2"; ${words}`), stderr);
  t.true(unwrapped(stdout).includes(words), stdout);
  const checked = await xform(jobArguments(folder, '-i', input, '--dry-run', '--force'));
  t.true(unwrapped(checked.stdout).includes(words), checked.stdout);
});

test('an uncertain layout gives exit status 2 and names the options that decide, and those options work', async (t) => {
  const folder = temporaryFolder(t);
  const input = write(folder, 'l.csv', 'name,mol,smi\nM1,Oc1ccccc1,Nc1ccccc1O\nM2,CO,CN\n');
  const failed = await xform(jobArguments(folder, '-i', input, '--json'));
  t.is(failed.status, 2);
  const { error } = JSON.parse(failed.stdout) as Failed;
  t.is(error.code, 'XFORM_INPUT_COLUMN');
  t.regex(
    error.message,
    /2 columns could hold the SMILES by its 3 lines: 2 \("mol"\), 3 \("smi"\); name one with --smiles-col/,
  );
  for (const [flags, smiles] of [
    [['--smiles-column', 'smi'], 'Nc1ccccc1O'],
    [['--smiles-column', '2', '--id-column', '1'], 'Oc1ccccc1'],
  ] as const) {
    const found = await parents(t, 'l.csv', readFileSync(input, 'utf8'), ...flags);
    t.is(found.parents[0]?.[0], smiles);
  }
  const forced = await xform(
    jobArguments(folder, '-i', input, '--smiles-column', '2', '--no-header', '--delimiter', ',', '--json'),
  );
  t.is(forced.status, 0, forced.stderr);
  t.like(summaryOf(forced), {
    total_input: 3,
    rejected_rows: 1,
    columns: { smiles: 'column_2', layout: { delimiter: 'comma', header: false } },
    options: { delimiter: 'comma', header: false },
  });
  const bad = await xform(jobArguments(folder, '-i', input, '--delimiter', '::', '--force'));
  t.is(bad.status, 2);
  t.regex(bad.stderr, /--delimiter: "::" does not separate columns; use one of blank, comma, /);
});

test('a run whose rows are all rejected writes its files, shows the first reason and ends with status 3', async (t) => {
  const folder = temporaryFolder(t);
  const input = write(folder, 'l.smi', 'xx a\nyy b\n');
  const ended = await xform(jobArguments(folder, '-i', input));
  t.is(ended.status, 3);
  t.regex(ended.stderr, /^warning: all 2 rows were rejected; the first reason, of row 0: .*\(syntax\)/m);
  t.regex(ended.stderr, /^error: every row was rejected; see .*rejects\.parquet$/m);
  t.is(finalFiles(join(folder, 'out')).length, 3);

  const summary = await apply(job(folder, { input, force: true }));
  t.true(summary.allRejected);
  t.true(summary.all_rejected);
  t.deepEqual(summary, JSON.parse(readFileSync(join(folder, 'out', 'SUMMARY.json'), 'utf8')) as Summary);
  t.false((await apply(job(folder, { force: true }))).allRejected);
});

test('a shard whose rows are all rejected ends with status 0, and its merge decides', async (t) => {
  const folder = temporaryFolder(t);
  const input = write(folder, 'l.smi', 'xx a\nyy b\nCCO c\nCO d\n');
  const shards = ['1', '2'].map((index) => join(folder, index));
  for (const [index, shard] of shards.entries()) {
    const ended = await xform(jobArguments(folder, '-i', input, '--shard', `${index + 1}/2`, '-o', shard));
    t.is(ended.status, 0, ended.stderr);
    t.is(ended.stderr.includes('warning: all 2 rows of shard 1/2 were rejected'), index === 0);
  }
  t.false((await merge({ shards, outdir: join(folder, 'some') })).allRejected);
  writeFileSync(input, 'xx a\nyy b\n');
  for (const [index, shard] of shards.entries()) {
    await apply(job(folder, { input, shard: `${index + 1}/2`, outdir: shard, force: true }));
  }
  const merged = await xform(['merge', ...shards, '-o', join(folder, 'all')]);
  t.is(merged.status, 3);
  t.regex(merged.stderr, /^warning: all 2 rows were rejected/m);
});
