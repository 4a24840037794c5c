// A digest of the rows of a Parquet file that does not depend on their order: the sum of the hashes of all rows.
import { createHash } from 'node:crypto';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

const MODULUS = 1n << 128n;

/** { rows, digest } of a file, a row group at a time. */
export async function digestRows(path) {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  let [sum, rows, rowStart] = [0n, 0, 0];
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    for (const row of await parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors })) {
      const hash = createHash('sha256').update(JSON.stringify(row, plain)).digest('hex');
      sum = (sum + BigInt(`0x${hash.slice(0, 32)}`)) % MODULUS;
      rows += 1;
    }
    rowStart = rowEnd;
  }
  return { rows, digest: sum.toString(16).padStart(32, '0') };
}

function plain(_key, value) {
  return typeof value === 'bigint' ? String(value) : value;
}
