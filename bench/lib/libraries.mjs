// The measured libraries: slices of the development data, or of the example if that data is missing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { distinct, readLibrary, spread, writeLibrary, writeSmiles } from './library.mjs';

const EXAMPLE = { key: 'plants-1k', path: join(root, 'examples', 'plants-1k.parquet'), rows: Infinity };

/**
 * The libraries found in `folder`, as [{ key, path, rows }] with `rows` the number of rows to take; else the example.
 */
export function findLibraries(folder) {
  const known = [
    { key: 'plants', file: 'plants.parquet', rows: Infinity },
    { key: 'polyphenol-2X', file: 'polyphenol-2X-500k.parquet', rows: 15_000 },
    { key: 'chembl-chiral', file: 'chembl-chiral-5k.parquet', rows: Infinity },
    { key: 'znp', file: 'znp-20k.parquet', rows: Infinity },
  ].map(({ file, ...library }) => ({ ...library, path: join(folder, file) }));
  const found = known.filter(({ path }) => existsSync(path));
  return found.length > 0 ? found : [EXAMPLE];
}

/** The distinct rows of a library; `id` holds the id as text. */
export async function readDistinct(path) {
  const { names, rows } = await readLibrary(path);
  const id = names.find((name) => name === 'id' || name.endsWith('_id'));
  return distinct({ names: ['id', 'smiles'], rows: rows.map((row) => ({ id: String(row[id]), smiles: row.smiles })) });
}

/** An evenly spread slice of at most `rows` rows, as Parquet and as text: { parquet, smi, rows }. */
export function cutLibrary(library, rows, folder, name) {
  return written(spread(library, rows), folder, name);
}

/** An evenly spread slice as `whole`, and its first tenth as `part`. */
export function cutWithPart(library, rows, folder, name) {
  const slice = spread(library, rows);
  const part = { ...slice, rows: slice.rows.slice(0, Math.ceil(slice.rows.length / 10)) };
  return { whole: written(slice, folder, name), part: written(part, folder, `${name}-part`) };
}

function written(slice, folder, name) {
  const paths = { parquet: join(folder, `${name}.parquet`), smi: join(folder, `${name}.smi`) };
  writeLibrary(paths.parquet, slice);
  writeSmiles(paths.smi, slice);
  return { ...paths, rows: slice.rows.length };
}
