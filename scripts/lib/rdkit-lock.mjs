// crate/rdkit-sys/rdkit.lock: the RDKit version, its source packages and the place of its build. build.rs computes the
// same path.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheRoot, root } from './paths.mjs';

/** The `key=value` lines of the lock file, and the key of the cache folder. */
export function readLock(file = join(root, 'crate', 'rdkit-sys', 'rdkit.lock')) {
  const bytes = readFileSync(file);
  const pairs = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  const key = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return { ...Object.fromEntries(pairs), key };
}

/** A source package that the lock file pins. `prefix` begins its keys; RDKit's have none. */
export function lockedPackage(lock, prefix = '') {
  const value = (key) => lock[`${prefix}${key}`];
  return {
    package: value('source_package'),
    version: value('source_version'),
    suite: lock.suite,
    archives: ['orig', 'debian'].map((part) => ({ name: value(`${part}_file`), sha256: value(`${part}_sha256`) })),
  };
}

/** The folder in the cache that holds the build. */
export function cachedPrefix(lock, env = process.env) {
  return join(cacheRoot(env), `rdkit-${lock.version}-${lock.key}`);
}

export async function sha256(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
