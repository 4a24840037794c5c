// Libraries for the benchmarks: slices and other shapes of a Parquet file, written without Python.
import { writeFileSync } from 'node:fs';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { fileWriter, ParquetWriter, parquetWriteFile, schemaFromColumnData } from 'hyparquet-writer';

const ROW_GROUP = 50_000;

/** Number of rows of a Parquet file. */
export async function countRows(path) {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
  return Number(metadata.num_rows);
}

/** All rows of a Parquet file as { names, rows }. */
export async function readLibrary(path, columns) {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const names = columns ?? parquetSchema(metadata).children.map(({ element }) => element.name);
  const rows = await parquetReadObjects({ file, metadata, columns: names, compressors });
  return { names, rows };
}

/** `wanted` rows spread evenly over the library, so that the slice is representative. */
export function spread({ names, rows }, wanted) {
  const count = Math.min(wanted, rows.length);
  return { names, rows: Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]) };
}

/** The library without rows whose SMILES has appeared before. */
export function distinct({ names, rows }) {
  const seen = new Set();
  const isNew = ({ smiles }) => seen.size < seen.add(smiles).size;
  return { names, rows: rows.filter(isNew) };
}

/** Writes a library of text columns. */
export function writeLibrary(path, { names, rows }, rowGroupSize = ROW_GROUP) {
  parquetWriteFile({ filename: path, columnData: stringColumns(names, rows), rowGroupSize });
}

function stringColumns(names, rows) {
  return names.map((name) => ({ name, type: 'STRING', data: rows.map((row) => row[name]) }));
}

/** Writes SMILES and id, one row per line. */
export function writeSmiles(path, { rows }) {
  writeFileSync(path, rows.map(({ smiles, id }) => `${smiles}\t${id}\n`).join(''));
}

/**
 * Writes `id` and `smiles` of several Parquet files, however large, one after the other: at most `rows` rows, and of
 * each file every `every`-th row. It holds one row group at a time. The id is the number of the row. Returns the number
 * of rows written.
 */
export async function joinLibraries(sources, to, rows, every = 1) {
  const schema = schemaFromColumnData({ columnData: stringColumns(['id', 'smiles'], []) });
  const writer = new ParquetWriter({ writer: fileWriter(to), schema });
  let written = 0;
  for (const source of sources) {
    for await (const part of rowGroups(source)) {
      const kept = part.filter((_, i) => i % every === 0).slice(0, rows - written);
      const numbered = kept.map(({ smiles }, i) => ({ id: String(written + i), smiles }));
      if (kept.length > 0)
        await writer.write({ columnData: stringColumns(['id', 'smiles'], numbered), rowGroupSize: ROW_GROUP });
      written += kept.length;
      if (written === rows) break;
    }
  }
  writer.finish();
  return written;
}

/** The SMILES of a Parquet file in pieces. */
async function* rowGroups(path) {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const total = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < total; rowStart += ROW_GROUP) {
    const rowEnd = Math.min(rowStart + ROW_GROUP, total);
    yield parquetReadObjects({ file, metadata, columns: ['smiles'], rowStart, rowEnd, compressors });
  }
}
