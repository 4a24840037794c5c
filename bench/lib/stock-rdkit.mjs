// RDKit without the patches of crate/rdkit-sys/patches, otherwise built like the one that the addon links; for the
// contenders in C++. XFORM_STOCK_RDKIT names a ready build.
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exclusive, identity } from '../../scripts/lib/exclusive.mjs';
import { cacheRoot } from '../../scripts/lib/paths.mjs';
import { build, prefixFaults } from '../../scripts/lib/rdkit-build.mjs';
import { readLock } from '../../scripts/lib/rdkit-lock.mjs';
import { chooseOrigins, getSource } from '../../scripts/lib/rdkit-source.mjs';
import { Log } from '../../scripts/lib/run.mjs';

/** The prefix of the stock build, built if it is missing (about 8 minutes on two cores). */
export async function stockRdkit() {
  if (process.env.XFORM_STOCK_RDKIT) return resolve(process.env.XFORM_STOCK_RDKIT);
  const lock = readLock();
  const prefix = join(cacheRoot(), `rdkit-${lock.version}-stock`);
  const isReady = () => prefixFaults(prefix, lock).length === 0;
  if (!isReady()) await exclusive(`${prefix}.lock`, () => isReady() || make(prefix, lock));
  return prefix;
}

async function make(prefix, lock) {
  const origins = chooseOrigins(process.env, lock);
  const downloads = join(cacheRoot(), 'downloads');
  mkdirSync(downloads, { recursive: true });
  // With this name, scripts/rdkit.mjs clears it up if this process is killed.
  const work = mkdtempSync(join(cacheRoot(), `.build-${identity(process.pid).replace(' ', '-')}-stock-`));
  const log = new Log(join(work, 'build.log'));
  console.error(`RDKit ${lock.version} without our patches: building (once; about 8 minutes on two cores)`);
  try {
    const tree = await getSource(origins, lock, { work, downloads, log, ours: false });
    await build(tree, { work, prefix: join(work, 'prefix'), log, origins, lock });
    rmSync(prefix, { recursive: true, force: true }); // a build of an earlier recipe
    renameSync(join(work, 'prefix'), prefix);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
