// `dedupKey` and `exclude`: products that are the same by InChIKey, and products that are known molecules.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import test from 'ava';
import { apply, OptionError, verify } from 'xform-native';
import { job, jobArguments, readParquet, temporaryFolder, writeSmiles, xform } from './util';

// Tautomers with one InChI, beside a phenol.
const PYRIDONE = 'Oc1ccccc1-c1cc[nH]c(=O)c1';
const PYRIDINOL = 'Oc1ccccc1-c1ccnc(O)c1';
const OME_ON_PHENOL = ['COc1ccccc1-c1cc[nH]c(=O)c1', 'COc1ccccc1-c1ccnc(O)c1'];

test('tautomers with one InChIKey are one product with dedupKey inchikey', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, [PYRIDONE, PYRIDINOL]);
  const bySmiles = await apply(job(folder, { input, outdir: join(folder, 'smiles') }));
  const smiles = (await readParquet(bySmiles.files.products.file)).map((row) => row.smiles);
  t.deepEqual(smiles.slice(0, 2), OME_ON_PHENOL);
  t.like(bySmiles, { unique_products: 3, sums: { duplicates: 0 }, options: { dedup_key: 'smiles' } });

  const byKey = await apply(job(folder, { input, dedupKey: 'inchikey' }));
  t.like(byKey, { unique_products: 2, sums: { made: 3, duplicates: 1 }, options: { dedup_key: 'inchikey' } });
  const rows = await readParquet(byKey.files.products.file);
  t.deepEqual(
    rows.map((row) => row.smiles),
    [smiles[0], smiles[2]],
  );
  t.true(rows.every(({ InChIKey }) => /^[A-Z]{14}-[A-Z]{10}-[A-Z]$/.test(String(InChIKey))));
  t.true((await verify(join(folder, 'out'))).ok);
  const refused = await apply(job(folder, { input, resume: true })).catch((error: Error) => error.message);
  t.regex(String(refused), /dedup\.key was "inchikey" and is "smiles"/);
});

test('known molecules are recognised in any spelling, and their products are counted', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, [PYRIDONE, PYRIDINOL, 'Oc1ccccc1']);
  const exclude = join(folder, 'registry.csv.gz');
  writeFileSync(exclude, gzipSync('id,smiles\n1,c1ccccc1OC\n2,C(C)(C\n3,O=c1[nH]ccc(c1)-c1ccccc1OC\n'));
  const summary = await apply(job(folder, { input, exclude }));
  t.like(summary, { total_products: 4, unique_products: 2, sums: { products: 4, known: 2, unique: 2, duplicates: 0 } });
  const rows = await readParquet(summary.files.products.file);
  t.is(rows[0]?.smiles, OME_ON_PHENOL[1]);
  t.like(summary.known_files?.[0], { file: exclude, smiles: 'smiles', molecules: 3, unreadable: 1, distinct: 2 });
  t.true(summary.warnings.some((warning) => warning.startsWith(`1 of 3 molecules in ${exclude} `)));
  t.true((await verify(join(folder, 'out'))).ok);

  const byKey = await apply(job(folder, { input, exclude, dedupKey: 'inchikey', force: true }));
  t.like(byKey, { unique_products: 1, sums: { products: 4, known: 3, unique: 1 } });
});

test('the products of a run are known to the next one, which has nothing to write', async (t) => {
  const folder = temporaryFolder(t);
  const first = await apply(job(folder, { outdir: join(folder, 'first') }));
  const exclude = first.files.products.file;
  const excludeCache = join(folder, 'cache');
  for (const dedup of ['exact', 'bloom', 'none'] as const) {
    const next = await apply(job(folder, { outdir: join(folder, dedup), dedup, exclude, excludeCache }));
    t.like(next, { unique_products: 0, total_products: 944, sums: { known: 944, unique: 0 } });
    t.true((await verify(join(folder, dedup))).ok);
  }
  const kept = readdirSync(excludeCache);
  t.is(kept.length, 1);
  const sha256 = first.files.products.sha256;
  t.regex(kept[0] ?? '', new RegExp(`^${sha256}\\.smiles\\.RDKit-2025\\.03\\.1\\.[0-9a-f]{16}\\.keys$`));
});

test('the command shows what is known, in isolation too', async (t) => {
  const folder = temporaryFolder(t);
  const first = await apply(job(folder, { outdir: join(folder, 'first') }));
  const rows = await readParquet(first.files.products.file);
  const known = rows.slice(0, 7).map(({ smiles }) => String(smiles));
  const exclude = writeSmiles(folder, known);
  const { status, stdout, stderr } = await xform(jobArguments(folder, '--exclude', exclude));
  t.is(status, 0, stderr);
  t.regex(stdout, /^products +944 = \d+ known \+ \d+ unique \+ \d+ duplicates$/m);
  t.true(stdout.includes(`${exclude}: 7 molecules`), stdout);
  const several = await xform(jobArguments(folder, '--force', '--xf-name', 'R3_F', '--exclude', exclude));
  t.regex(several.stdout, /^transform +with +rejected +failed +products +known +unique$/m);
});

test('a cache without known molecules is refused', async (t) => {
  const folder = temporaryFolder(t);
  const error = await t.throwsAsync(apply(job(folder, { excludeCache: join(folder, 'cache') })), {
    instanceOf: OptionError,
  });
  t.is(error?.message, 'excludeCache: requires `exclude`, whose keys it keeps');
});
