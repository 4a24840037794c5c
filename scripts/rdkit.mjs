// Finds the static RDKit that the addon links, or builds it.
//
//     node scripts/rdkit.mjs                  builds it if necessary
//     node scripts/rdkit.mjs --print-prefix   prints where it is, or would be built; builds nothing
//
// Order: RDKIT_PREFIX; the build in the cache; a new build from RDKIT_SOURCE_DIR, RDKIT_SOURCE_URL or Debian's source
// package, with InChI from INCHI_SOURCE_DIR, INCHI_SOURCE_URL or Debian's source package. A build is made in a separate folder next to its place and moved there when it is complete.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exclusive, identity } from './lib/exclusive.mjs';
import { cacheRoot } from './lib/paths.mjs';
import { build, prefixFaults } from './lib/rdkit-build.mjs';
import { cachedPrefix, readLock } from './lib/rdkit-lock.mjs';
import { chooseOrigins, getSource, namedOrigins, otherWays } from './lib/rdkit-source.mjs';
import { Failure, Log, main } from './lib/run.mjs';

/** The prefix that a build would use, and whether it is ready: `{ prefix, ready, lock, origins }`. */
export function findRdkit(env = process.env) {
  const lock = readLock();
  if (env.RDKIT_PREFIX) return { prefix: givenPrefix(env.RDKIT_PREFIX, lock), ready: true, lock };
  const prefix = cachedPrefix(lock, env);
  const origins = chooseOrigins(env, lock);
  return { prefix, ready: isReady(prefix, lock, origins), lock, origins };
}

/** The prefix of a ready RDKit; builds it if there is none. */
export async function ensureRdkit(env = process.env) {
  const { prefix, ready, lock, origins } = findRdkit(env);
  if (ready) return prefix;
  mkdirSync(cacheRoot(env), { recursive: true });
  const make = async () => {
    if (!isReady(prefix, lock, origins)) await buildInto(prefix, lock, origins);
  };
  const wait = () => console.error(`Another process is building RDKit ${lock.version}; waiting for it.`);
  await exclusive(`${prefix}.lock`, make, wait);
  return prefix;
}

function givenPrefix(path, lock) {
  const faults = prefixFaults(resolve(path), lock);
  if (faults.length === 0) return resolve(path);
  throw new Failure(`RDKIT_PREFIX=${path} cannot be used: ${faults.join('; ')}.\n\n${otherWays(lock)}`);
}

/** A cached build is used whatever its source, unless a variable names a different source. */
function isReady(prefix, lock, origins) {
  if (prefixFaults(prefix, lock).length > 0) return false;
  const record = join(prefix, 'build.json');
  const made = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')).origins : {};
  return Object.entries(namedOrigins(origins)).every(
    ([name, origin]) => JSON.stringify(made[name]) === JSON.stringify(origin),
  );
}

async function buildInto(prefix, lock, origins) {
  const cache = dirname(prefix);
  removeAbandoned(cache);
  const downloads = join(cache, 'downloads');
  mkdirSync(downloads, { recursive: true });
  const owner = identity(process.pid).replace(' ', '-');
  const work = mkdtempSync(join(cache, `.build-${owner}-`));
  const log = new Log(join(work, 'build.log'));
  const minutes = 'once for all checkouts; about 8 minutes on two cores';
  console.error(`RDKit ${lock.version}: building from ${places(origins)} (${minutes})`);
  try {
    const tree = await getSource(origins, lock, { work, downloads, log });
    await build(tree, { work, prefix: join(work, 'prefix'), log, origins, lock });
    publish(join(work, 'prefix'), prefix, lock);
  } catch (error) {
    throw keepLog(error, log, `${prefix}.log`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.error(`RDKit ${lock.version}: ready in ${prefix}`);
}

function places(origins) {
  return Object.values(origins)
    .map(({ place }) => place)
    .join(' and ');
}

function publish(made, prefix, lock) {
  const faults = prefixFaults(made, lock);
  if (faults.length > 0) throw new Failure(`the build of RDKit is not complete: ${faults.join('; ')}.`);
  rmSync(prefix, { recursive: true, force: true });
  renameSync(made, prefix);
  rmSync(`${prefix}.log`, { force: true }); // from an earlier failure
}

/** Removes the work folder but keeps its log, and names the log's new place in the message. */
function keepLog(error, log, place) {
  if (!(error instanceof Failure) || !existsSync(log.file)) return error;
  copyFileSync(log.file, place);
  return new Failure(error.message.replaceAll(log.file, place));
}

/** Work folders of builds that were killed. */
function removeAbandoned(cache) {
  for (const name of readdirSync(cache)) {
    const owner = /^\.build-(\d+)-(\w+)-/.exec(name);
    if (owner && identity(Number(owner[1])) !== `${owner[1]} ${owner[2]}`)
      rmSync(join(cache, name), { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    const [flag, ...rest] = process.argv.slice(2);
    if (rest.length > 0 || (flag !== undefined && flag !== '--print-prefix')) {
      throw new Failure(`usage: node ${basename(process.argv[1])} [--print-prefix]`);
    }
    console.log(flag === '--print-prefix' ? findRdkit().prefix : await ensureRdkit());
  });
}
