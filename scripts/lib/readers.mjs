// The Python with which the documentation reads results: pandas and DuckDB, in the user's cache folder.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot } from './paths.mjs';
import { ensureVenv } from './venv.mjs';

const REQUIREMENTS = fileURLToPath(new URL('readers.txt', import.meta.url));

/** The path of that Python; pip creates it if it is missing. */
export function readersPython() {
  return ensureVenv(join(cacheRoot(), 'readers-venv'), REQUIREMENTS, 'the programs in the documentation');
}
