// `where`: what it keeps, how it is counted, how its faults are reported.
import { join } from 'node:path';

import test from 'ava';
import { apply, check, OptionError, verify } from 'xform-native';
import { job, jobArguments, OME, readParquet, temporaryFolder, xform } from './util';

const WHERE = "xf_site_count = 1 and source_id not like '%7' and smiles <> source_smiles";

test('a filter keeps the products that meet it, and the counts say what became of the others', async (t) => {
  const folder = temporaryFolder(t);
  const all = await apply(job(folder, { outdir: join(folder, 'all'), dedup: 'none' }));
  const summary = await apply(job(folder, { where: WHERE, dedup: 'none' }));
  const meets = ({ xf_site_count, source_id }: Record<string, unknown>) =>
    xf_site_count === 1 && !String(source_id).endsWith('7');
  const expected = (await readParquet(join(folder, 'all', 'products.parquet'))).filter(meets);
  t.deepEqual(await readParquet(join(folder, 'out', 'products.parquet')), expected);
  t.true(expected.length > 0 && expected.length < 944);

  const filtered = 944 - expected.length;
  t.like(summary.sums, { made: 944, filtered, products: expected.length, unique: expected.length });
  t.is(summary.total_products, expected.length);
  t.deepEqual(summary.stats, all.stats, 'a row all of whose products were filtered still had products');
  const rows = new Set(expected.map(({ source_row }) => source_row)).size;
  t.is(summary.rows_all_filtered, summary.stats.success - rows);
  const clauses = summary.filtered_by_clause ?? [];
  t.deepEqual(
    clauses.map(({ clause }) => clause),
    ['xf_site_count = 1', "source_id not like '%7'", 'smiles <> source_smiles'],
  );
  t.is(
    clauses.reduce((sum, clause) => sum + clause.filtered, 0),
    filtered,
  );
  t.is(summary.options.where, WHERE);
  t.true((await verify(join(folder, 'out'))).ok);
  t.is(all.filtered_by_clause, undefined);
  t.like(all, { rows_all_filtered: 0, sums: { made: 944, filtered: 0, products: 944 }, options: { where: null } });
});

test('the table of the command shows what was filtered', async (t) => {
  const folder = temporaryFolder(t);
  const { status, stdout, stderr } = await xform(
    jobArguments(folder, '--where', 'xf_site_count = 1 and source_row < 500'),
  );
  t.is(status, 0, stderr);
  t.regex(stdout, /^results +981 = 944 made \+ 37 repeated in their molecule \+ 0 failed$/m);
  t.regex(stdout, /^made +944 = \d+ filtered \+ \d+ products$/m);
  t.regex(
    stdout,
    /^filtered +\d+ products not xf_site_count = 1\n +\d+ products not source_row < 500\n +\d+ rows lost/m,
  );
  const several = await xform(jobArguments(folder, '--force', '--xf-name', 'R3_F', '--where', 'xf_site_count = 1'));
  t.regex(several.stdout, /^transform .* filtered +products +unique$/m);
});

test('a filter that cannot be used is an error with its place, before the run', async (t) => {
  const folder = temporaryFolder(t);
  const error = await t.throwsAsync(check(job(folder, { where: 'xf_site_count = 1 and wight > 5' })), {
    instanceOf: OptionError,
    code: 'XFORM_INVALID_WHERE',
  });
  t.like(error?.details, { where: 'xf_site_count = 1 and wight > 5', position: 23 });
  t.regex(error?.message ?? '', /^where: at position 23 of ".*": there is no column "wight"; the columns are smiles, /);
  const ended = await xform(jobArguments(folder, '--where', 'smiles > 5'));
  t.is(ended.status, 2);
  t.regex(ended.stderr, /--where: at position 1 of "smiles > 5": text does not compare with a number/);
  t.is(ended.stdout, '');
});

test('a filter may name the transform', async (t) => {
  const folder = temporaryFolder(t);
  const summary = await apply(job(folder, { xfName: [OME, 'R3_F'], where: "xf_name = 'R3_F'" }));
  t.like(
    summary.transforms.map(({ sums }) => sums.products > 0),
    [false, true],
  );
});
