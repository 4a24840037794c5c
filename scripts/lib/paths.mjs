// Paths: the checkout, and the cache outside it.
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The cache is outside the checkout, so that a second clone does not need a second RDKit build. */
export function cacheRoot(env = process.env) {
  const base = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return resolve(base, 'xform-native');
}
