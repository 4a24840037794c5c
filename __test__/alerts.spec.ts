// Alerts of products, on the built addon. They are compared with Python's elsewhere: in crate/rdkit-sys/tests/alerts.rs, and
// on whole libraries by `npm run verify:oracle`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { type ApplyOptions, apply, check, OptionError, verify } from 'xform-native';
import { job, jobArguments, readParquet, stopWhen, temporaryFolder, writeSmiles, xform } from './util';
import { doneInAllWays } from './ways';

const OWN = 'name,smarts\nmethoxy,"[CH3]O[c,C]"\nhalide,"[F,Cl,Br,I]"\n';
const WHERE = 'MW < 500 and TPSA - parent_TPSA < 0 and not alerts';

function ownFile(folder: string, text = OWN): string {
  const file = join(folder, 'own.csv');
  writeFileSync(file, text);
  return file;
}

test('the names of catalogs and of a file are a list after the properties', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, ['Oc1ccc(O)c(O)c1', 'Oc1ccccc1Cl']);
  const summary = await apply(job(folder, { input, properties: 'MW', alerts: ['BRENK', `PAINS,${ownFile(folder)}`] }));
  const rows = await readParquet(summary.files.products.file);
  const names = Object.keys(rows[0] ?? {});
  t.deepEqual(names.slice(names.indexOf('product_site_atoms') + 1), ['MW', 'alerts']);
  const lists = Object.fromEntries(rows.map(({ smiles, alerts }) => [smiles, alerts]));
  t.deepEqual(lists, {
    'COc1ccc(O)c(O)c1': ['catechol_A(92)', 'catechol', 'methoxy'],
    'COc1cc(O)ccc1O': ['hydroquinone', 'methoxy'],
    'COc1ccc(O)cc1O': ['methoxy'],
    COc1ccccc1Cl: ['methoxy', 'halide'],
  });
  t.deepEqual(summary.options.alerts, ['BRENK', 'PAINS', join(folder, 'own.csv')]);
});

test('a filter takes out products with alerts, and a property that only it names is not written', async (t) => {
  const folder = temporaryFolder(t);
  const all = await apply(
    job(folder, {
      outdir: join(folder, 'all'),
      dedup: 'none',
      alerts: 'PAINS',
      properties: 'MW,TPSA',
      parentProperties: true,
    }),
  );
  const summary = await apply(job(folder, { dedup: 'none', alerts: 'PAINS', where: WHERE }));
  const written = ({ MW: _m, TPSA: _t, parent_MW: _p, parent_TPSA: _q, ...rest }: Record<string, unknown>) => rest;
  const expected = (await readParquet(all.files.products.file)).filter(
    ({ MW, TPSA, parent_TPSA, alerts }) =>
      Number(MW) < 500 && Number(TPSA) - Number(parent_TPSA) < 0 && (alerts as string[]).length === 0,
  );
  t.deepEqual(await readParquet(summary.files.products.file), expected.map(written));
  t.true(expected.length > 0 && expected.length < 900);
  const taken = Object.fromEntries(
    (summary.filtered_by_clause ?? []).map(({ clause, filtered }) => [clause, filtered]),
  );
  t.true((taken['not alerts'] ?? 0) > 0 && (taken['MW < 500'] ?? 0) > 0);
  t.true((await verify(summary.output_dir)).ok);
});

test('workers, shards and an interruption change no byte', async (t) => {
  const folder = temporaryFolder(t);
  const own = join(folder, 'own.smarts');
  writeFileSync(own, 'C=CC=O enone\n[OX2H]c phenol\n');
  const { whole } = await doneInAllWays(t, folder, { alerts: ['PAINS,BRENK,NIH,ZINC', own], where: 'QED > 0.3' });
  const lists = (await readParquet(whole.files.products.file)).map(({ alerts }) => alerts as string[]);
  t.true(lists.some((list) => list.length > 3) && lists.every(Array.isArray));
});

test('a run is resumed only with the same content of its files', async (t) => {
  const folder = temporaryFolder(t);
  const alerts = ownFile(folder);
  const stopped = () => stopWhen(({ rows }) => rows > 200);
  await t.throwsAsync(apply(job(folder, { alerts, workers: 1 }), stopped()));
  ownFile(folder, `${OWN}nitro,[N+](=O)[O-]\n`);
  const error = await t.throwsAsync(apply(job(folder, { alerts, resume: true })));
  t.regex(error?.message ?? '', /alerts\.tables\[0\] was "[0-9a-f]{64}" and is/);
  ownFile(folder);
  t.true((await apply(job(folder, { alerts, resume: true }))).rows_resumed > 0);
});

test('what cannot be used is refused before the run, with the place', async (t) => {
  const folder = temporaryFolder(t);
  const refused = (options: Partial<ApplyOptions>) =>
    t.throwsAsync(check(job(folder, options)), { instanceOf: OptionError });
  t.regex(
    (await refused({ alerts: 'pains' }))?.message ?? '',
    /^alerts: "pains" is not a catalog; did you mean PAINS\?/,
  );
  const alerts = ownFile(folder, `${OWN}nitro,[N+](=O\n`);
  const error = await refused({ alerts });
  t.like(error, { code: 'XFORM_INVALID_ALERTS', details: { path: alerts, line: 4 } });
  t.true(error?.message.startsWith(`${alerts}:4: alert "nitro": SMARTS "[N+](=O": RDKit cannot parse it as SMARTS: `));
  const ended = await xform(jobArguments(folder, '--alerts', join(folder, 'none.tsv')));
  t.is(ended.status, 2);
  t.regex(ended.stderr, /none\.tsv: cannot be read: No such file/);
});

test('a filter that names alerts without --alerts is told of it', async (t) => {
  const folder = temporaryFolder(t);
  const error = await t.throwsAsync(check(job(folder, { where: 'not alerts' })), { code: 'XFORM_INVALID_WHERE' });
  t.regex(error?.message ?? '', /there is no column "alerts"; add `alerts`, which names catalogs, for example PAINS/);
  const ended = await xform(jobArguments(folder, '--where', 'not alerts'));
  t.is(ended.status, 2);
  t.regex(ended.stderr, /there is no column "alerts"; add --alerts, which names catalogs, for example PAINS/);
});

test('columns of a file that are not used are in a notice', async (t) => {
  const folder = temporaryFolder(t);
  const alerts = ownFile(folder, 'id,smarts,name\n7,CO,ether\n');
  const { notices } = await check(job(folder, { alerts }));
  t.is(notices.at(-1), `${alerts}: column "id" is not used`);
});
