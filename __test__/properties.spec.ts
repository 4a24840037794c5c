// Properties of products and parents, on the built addon. Their values are compared with Python's elsewhere: in
// crate/rdkit-sys/tests/properties.rs, and on whole libraries by `npm run verify:oracle`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { type ApplyOptions, apply, check, merge, OptionError, verify } from 'xform-native';
import { job, readParquet, temporaryFolder, writeSmiles, xform } from './util';

const QUICK = ['MW', 'TPSA', 'HBD', 'HBA', 'cLogP', 'RotB'];

test('the columns follow the computed ones, in declared order, and before the kept ones', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, ['OCc1ccccc1O']);
  const { files } = await apply(job(folder, { input, properties: ['RotB,MW', 'quick'], parentProperties: true }));
  const [row] = await readParquet(files.products.file);
  const names = Object.keys(row ?? {});
  const ofParent = QUICK.map((name) => `parent_${name}`);
  t.deepEqual(names.slice(names.indexOf('product_site_atoms') + 1), [...QUICK, ...ofParent]);
  t.like(row, { smiles: 'COc1ccccc1CO', HBD: 1, HBA: 2, RotB: 2, parent_HBD: 2, parent_HBA: 2, parent_RotB: 1 });
  t.is(Number(row?.MW).toFixed(3), '138.166');
  t.is(Number(row?.parent_MW).toFixed(3), '124.139');
  t.is(Number(row?.TPSA).toFixed(2), '29.46');
});

test('a property of the library keeps its column beside those of the product', async (t) => {
  const folder = temporaryFolder(t);
  const input = join(folder, 'library.csv');
  writeFileSync(input, 'smiles,MW\nOc1ccccc1,94\n');
  const { files } = await apply(job(folder, { input, keepColumns: 'all', properties: 'MW' }));
  const [row] = await readParquet(files.products.file);
  t.is(row?.source_MW, '94');
  t.is(Number(row?.MW).toFixed(2), '108.14');
});

test('runs with other properties are not mixed', async (t) => {
  const folder = temporaryFolder(t);
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  await apply(job(folder, { outdir: a, shard: '1/2', properties: 'MW' }));
  await apply(job(folder, { outdir: b, shard: '2/2', properties: 'MW,QED' }));
  const error = await t.throwsAsync(merge({ shards: [a, b], outdir: join(folder, 'merged') }));
  t.regex(error?.message ?? '', /properties/);
});

test('what cannot be computed is null, with a record that is no failure', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, ['*O', 'CCO']);
  const smirks = '[O:1]>>[O:1]';
  const options = {
    input,
    smirks,
    xfConfig: undefined,
    xfName: undefined,
    properties: 'MW,InChIKey',
    dedup: 'none',
  } as const;
  const summary = await apply(job(folder, { ...options, parentProperties: true }));
  t.like(summary, { rejected_rows: 0, unique_products: 2, stats: { success: 2 } });
  t.is(summary.sums.results_failed, 0);
  const [bad, good] = await readParquet(summary.files.products.file);
  t.like(bad, { InChIKey: null, parent_InChIKey: null });
  t.true(Number(bad?.MW) > 10);
  t.is(good?.InChIKey, 'LFQSCWFLJHTTHZ-UHFFFAOYSA-N');
  const records = await readParquet(summary.files.rejects.file);
  t.deepEqual(
    records.map(({ xf_name, xf_site_index, stage, code }) => [xf_name, xf_site_index, stage, code]),
    [
      ['smirks', 0, 'properties', 'no_inchi'],
      ['smirks', null, 'properties', 'no_inchi'],
    ],
  );
  t.regex(String(records[0]?.reason), /^InChIKey: /);
  t.regex(String(records[1]?.reason), /^parent_InChIKey: /);
  t.like(await verify(summary.output_dir), { ok: true });
});

test('an unknown name is refused before the run, with names like it', async (t) => {
  const folder = temporaryFolder(t);
  const refused = (options: Partial<ApplyOptions>) =>
    t.throwsAsync(check(job(folder, options)), { instanceOf: OptionError });
  t.is(
    (await refused({ properties: 'MW,Ring' }))?.message,
    'properties: "Ring" is not a property; did you mean Rings?',
  );
  t.regex((await refused({ parentProperties: true }))?.message ?? '', /^parentProperties: requires `properties`/);
});

test('the command takes the same options', async (t) => {
  const folder = temporaryFolder(t);
  const { input, outdir, xfConfig, xfName } = job(folder);
  const files = ['--input', input, '--outdir', outdir, '--xf-config', String(xfConfig), '--xf-name', String(xfName)];
  const asked = ['--properties', 'quick,QED', '--properties', 'Scaffold', '--parent-properties', '--json'];
  const ended = await xform(['apply', ...files, ...asked]);
  t.is(ended.status, 0, ended.stderr);
  t.deepEqual(JSON.parse(ended.stdout).options.properties, ['QED', 'Scaffold', 'quick']);
  const [row] = await readParquet(join(outdir, 'products.parquet'));
  t.is(typeof row?.parent_Scaffold, 'string');
  const unknown = await xform(['apply', ...files, '--properties', 'mw', '--force']);
  t.is(unknown.status, 2);
  t.regex(unknown.stderr, /--properties: "mw" is not a property; did you mean MW\?/);
});
