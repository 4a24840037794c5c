// Libraries for the benchmarks: slices and other shapes of a Parquet file, written without Python.
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteFile } from 'hyparquet-writer';

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

/** `wanted` rows spread evenly over the library, so that a slice has the mix of the whole. */
export function spread({ names, rows }, wanted) {
  const count = Math.min(wanted, rows.length);
  return { names, rows: Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]) };
}

/** The library without rows whose SMILES came before. */
export function distinct({ names, rows }) {
  const seen = new Set();
  const isNew = ({ smiles }) => seen.size < seen.add(smiles).size;
  return { names, rows: rows.filter(isNew) };
}

/** Writes a library of text columns. */
export function writeLibrary(path, { names, rows }, rowGroupSize = ROW_GROUP) {
  const columnData = names.map((name) => ({ name, type: 'STRING', data: rows.map((row) => row[name]) }));
  parquetWriteFile({ filename: path, columnData, rowGroupSize });
}
