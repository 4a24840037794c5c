// `apply` writes what RDKit in Python gave: golden/README.md explains how the files were made.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import test from 'ava';
import { apply, type Summary, type Sums } from 'xform-native';

interface GoldenCase {
  name: string;
  input: string;
  config: string;
  exclude_sugar_like: boolean;
  max_sites: number | null;
}

type Row = Record<string, unknown>;

const ROOT = join(__dirname, '..');
const GOLDEN = join(ROOT, '__test__', 'golden');
const SHOWN = 5;

const cases = JSON.parse(readFileSync(join(GOLDEN, 'cases.json'), 'utf8')) as GoldenCase[];

for (const golden of cases) {
  test(`${golden.name}: rows, rejects and counts equal those of RDKit in Python`, async (t) => {
    const outdir = mkdtempSync(join(tmpdir(), 'xform-golden-'));
    t.teardown(() => rmSync(outdir, { recursive: true }));
    const summary = await run(golden, outdir);
    const names = summary.transforms.map(({ name }) => name);

    const products = await readParquet(join(outdir, 'products.parquet'));
    const recorded = gunzipSync(readFileSync(join(GOLDEN, `${golden.name}.products.tsv.gz`))).toString('utf8');
    t.deepEqual(differences(productLines(products, names), bodyLines(recorded)), []);

    const rejects = await readParquet(join(outdir, 'rejects.parquet'));
    const refused = readFileSync(join(GOLDEN, `${golden.name}.rejects.tsv`), 'utf8');
    t.deepEqual(differences(rejectLines(rejects, names), bodyLines(refused)), []);

    const sums = JSON.parse(readFileSync(join(GOLDEN, `${golden.name}.sums.json`), 'utf8')) as Record<string, Sums>;
    t.deepEqual(names, Object.keys(sums));
    for (const entry of summary.transforms) t.like(entry.sums, sums[entry.name] as Sums, entry.name);
  });
}

function run(golden: GoldenCase, outdir: string): Promise<Summary> {
  return apply({
    input: join(GOLDEN, golden.input),
    outdir,
    xfConfig: join(ROOT, golden.config),
    xfName: 'all',
    dedup: 'none',
    excludeSugarLike: golden.exclude_sugar_like,
    maxSites: golden.max_sites ?? -1,
    // Small enough that the rows of a case come from several batches and threads.
    batchSize: 64,
    workers: 2,
  });
}

// Both packages are ES modules, which CommonJS can load only with import().
async function readParquet(path: string): Promise<Row[]> {
  const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  return parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
}

function productLines(rows: Row[], names: string[]): string[] {
  return rows.map((row) =>
    [
      row['source_row'],
      names.indexOf(row['xf_name'] as string),
      row['product_index'],
      row['xf_site_index'],
      row['xf_site_count'],
      row['xf_site_atoms'],
      row['product_site_atoms'],
      row['smiles'],
    ].join('\t'),
  );
}

function rejectLines(rows: Row[], names: string[]): string[] {
  return rows.map((row) => {
    const transform = row['xf_name'] == null ? null : names.indexOf(row['xf_name'] as string);
    return [row['source_row'], transform, row['xf_site_index'], row['stage'], row['code']].join('\t');
  });
}

function bodyLines(text: string): string[] {
  return text.trimEnd().split('\n').slice(1);
}

/** The first lines that differ, as text; order matters, in products and in rejects. */
function differences(actual: string[], expected: string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < Math.max(actual.length, expected.length) && found.length < SHOWN; i += 1) {
    if (actual[i] !== expected[i]) found.push(`line ${i}: written ${actual[i]}, recorded ${expected[i]}`);
  }
  return found;
}
