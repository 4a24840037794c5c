// Summaries on the built addon, compared with the rows as hyparquet reads them. That pandas gives the same figures is shown in
// docs/sample.md, whose programs documentation.spec.ts runs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import {
  apply,
  type ColumnRange,
  OptionError,
  OutputError,
  type SummarizeOptions,
  summarize,
  type TableReport,
} from 'xform-native';
import { job, plants, type Row, readParquet, temporaryFolder, writeParquet } from './util';

/** The range by the definitions. */
function rangeOf(rows: readonly Row[], column: string): ColumnRange {
  const values = rows.map((row) => row[column]).filter((value) => value !== null);
  const numbers = values.map(Number).sort((a, b) => a - b);
  const middle = (numbers.length - 1) / 2;
  const at = (place: number) => numbers[place] ?? Number.NaN;
  return {
    nulls: rows.length - numbers.length,
    min: at(0),
    mean: numbers.reduce((sum, value) => sum + value, 0) / numbers.length,
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(numbers.length - 1),
  };
}

const close = (one: number | null, other: number | null) => Math.abs((one ?? 0) - (other ?? 0)) < 1e-9;

test('the figures of a run are those of its rows', async (t) => {
  const folder = temporaryFolder(t);
  const xfName = 'FG_PHENOL*';
  const { files, output_dir: outdir } = await apply(job(folder, { xfName, properties: ['MW', 'HBD'] }));
  const rows = await readParquet(files.products.file);
  const report = await summarize(outdir, { by: ['xf_name'], where: 'MW < 450' });
  const light = rows.filter((row) => Number(row['MW']) < 450);
  t.like(report, { rows_read: rows.length, rows_filtered: rows.length - light.length, warnings: [], files: [] });
  t.true(['MW', 'HBD', 'xf_site_count'].every((name) => report.columns.includes(name)));
  t.false(report.columns.includes('source_row'));
  const names = [...new Set(light.map((row) => String(row['xf_name'])))].sort();
  t.true(names.length > 1);
  t.deepEqual(
    report.groups.map(({ values }) => values),
    names.map((name) => ({ xf_name: name })),
  );
  for (const { values, rows: count, ranges } of [...report.groups, report.total]) {
    const own = light.filter((row) => values['xf_name'] === undefined || row['xf_name'] === values['xf_name']);
    t.is(count, own.length);
    for (const column of ['MW', 'HBD']) {
      const expected = rangeOf(own, column);
      const found = ranges[column];
      t.deepEqual([found?.nulls, found?.min, found?.max], [expected.nulls, expected.min, expected.max]);
      t.true(close(found?.mean ?? null, expected.mean) && close(found?.median ?? null, expected.median), column);
    }
  }
});

test('a file has a line for each group, and a summary needs no groups', async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, 'figures.csv');
  const input = await writeParquet(join(folder, 'mine.parquet'), [
    { name: 'smiles', data: ['C', 'CC', 'CCC', 'CO'] },
    { name: 'halogen', data: ['F', null, 'F', 'Cl'] },
    { name: 'mass', data: [1, 2, 4, null], type: 'INT32' },
  ]);
  const report = await summarize(input, { by: ['halogen'], output });
  t.like(report, { format: 'csv', files: [{ file: output, rows: 3 }], columns: ['mass'] });
  const expected =
    'halogen,rows,mass_nulls,mass_min,mass_mean,mass_median,mass_max\r\n' +
    ',1,0,2.0,2.0,2.0,2.0\r\nCl,1,1,,,,\r\nF,2,0,1.0,2.5,2.5,4.0\r\n';
  t.is(readFileSync(output, 'utf8'), expected);
  const { groups, total } = await summarize(input);
  t.deepEqual(groups, [total]);
  t.deepEqual(total, {
    values: {},
    rows: 4,
    ranges: { mass: { nulls: 1, min: 1, mean: 7 / 3, median: 2, max: 4 } },
  });
});

/** All keys of a report; otherwise the compiler complains. */
const keys: Record<keyof TableReport, true> = {
  input: true,
  by: true,
  columns: true,
  rows_read: true,
  rows_filtered: true,
  groups: true,
  total: true,
  format: true,
  files: true,
  was_cut_short: true,
  elapsed_seconds: true,
  warnings: true,
};

test('the keys of a report are those that are declared', async (t) => {
  t.deepEqual(Object.keys(await summarize(plants)), Object.keys(keys));
});

test('what cannot be summarized is refused', async (t) => {
  const folder = temporaryFolder(t);
  const refused = (options: object, expected: object) =>
    t.throwsAsync(summarize(plants, options as SummarizeOptions), expected);
  await refused({ by: ['smile'] }, { instanceOf: OptionError, message: /^by: .* did you mean "smiles"\?$/ });
  await refused({ columns: ['smiles'] }, { message: /^columns: column "smiles" is of type .*, and only numbers/ });
  await refused({ output: join(folder, 'a.sdf') }, { message: /^format: sdf has molecules, and a summary has none/ });
  await refused({ output: join(folder, 'a'), format: 'smi' }, { message: /^format: must be one of csv, tsv, jsonl/ });
  await refused({ workers: 5 }, { message: /^workers: is not an option; the options are / });
  const output = join(folder, 'a.csv');
  await summarize(plants, { output });
  await refused({ output }, { instanceOf: OutputError, code: 'XFORM_FILE_EXISTS' });
  await t.throwsAsync(summarize(plants, { output, force: true }, { signal: AbortSignal.abort('enough') }), {
    code: 'XFORM_CANCELLED',
  });
  t.deepEqual(readdirSync(folder), ['a.csv']);
});
