// Gets RDKit's source tree: from Debian's source package through apt, from an archive, or from a folder.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAptFiles, sourceEntries } from './apt-sources.mjs';
import { root } from './paths.mjs';
import { sha256 } from './rdkit-lock.mjs';
import { Failure } from './run.mjs';

/** The source to use, according to the environment: `{ kind, place }`. */
export function chooseOrigin(env, lock) {
  if (env.RDKIT_SOURCE_DIR) return { kind: 'folder', place: resolve(env.RDKIT_SOURCE_DIR) };
  if (env.RDKIT_SOURCE_URL) return { kind: 'archive', place: env.RDKIT_SOURCE_URL, sha256: env.RDKIT_SOURCE_SHA256 };
  return { kind: 'apt', place: `${lock.source_package} ${lock.source_version} (${lock.suite})` };
}

/** Advice for a machine whose apt does not have the source package. */
export function otherWays(lock) {
  const release = `Release_${lock.version.replaceAll('.', '_')}`;
  return [
    `RDKit ${lock.version} can be provided in one of these ways; set the variable and rerun the command:`,
    `  RDKIT_SOURCE_URL  an archive of the release (tag ${release}), https:// or file://, .tar.gz or .tar.xz;`,
    '                    RDKIT_SOURCE_SHA256 checks it, if set',
    '  RDKIT_SOURCE_DIR  an unpacked source tree of that release; it is copied, not changed',
    '  RDKIT_PREFIX      a ready build: include/rdkit/** and lib/libRDKit*_static.a, position-independent',
  ].join('\n');
}

/** Puts the patched source tree (with `ours`, also with our patches) into `<work>/source` and returns that folder. */
export async function getSource(origin, lock, { work, downloads, log, ours = true }) {
  const tree = join(work, 'source');
  if (origin.kind === 'apt') await fromApt(lock, { tree, work, downloads, log });
  if (origin.kind === 'archive') await fromArchive(origin, { tree, work, log });
  if (origin.kind === 'folder') copyTree(origin.place, tree);
  checkVersion(tree, origin, lock);
  await applyDebianPatches(tree, log);
  if (ours) await applyOurPatches(tree, log);
  return tree;
}

async function fromApt(lock, { tree, work, downloads, log }) {
  const archives = [
    { file: join(downloads, lock.orig_file), sha256: lock.orig_sha256 },
    { file: join(downloads, lock.debian_file), sha256: lock.debian_sha256 },
  ];
  if (!(await allThere(archives))) await downloadByApt(lock, archives, { work, downloads, log });
  await unpack(archives[0].file, tree, log);
  await log.must('Unpacking', 'tar', ['-xf', archives[1].file, '-C', tree]);
}

async function allThere(archives) {
  for (const { file, sha256: wanted } of archives) {
    if (!existsSync(file) || (await sha256(file)) !== wanted) return false;
  }
  return true;
}

/**
 * Tries each Debian archive that the machine's apt knows. Success means two files with the right checksums; apt's exit
 * status would also report a missing .dsc, which is not needed here.
 */
async function downloadByApt(lock, archives, { work, downloads, log }) {
  const entries = sourceEntries(readAptFiles(), lock.suite);
  if (entries.length === 0) {
    throw new Failure(
      `the apt sources of this machine do not name a Debian archive that could have ${lock.suite}.\n\n${otherWays(lock)}`,
    );
  }
  for (const [i, entry] of entries.entries()) {
    const apt = aptGet(join(work, `apt-${i}`), entry.text);
    await log.run('apt-get', [...apt, 'update']);
    const wanted = `${lock.source_package}=${lock.source_version}`;
    await log.run('apt-get', [...apt, '--only-source', '--download-only', 'source', wanted], { cwd: downloads });
    if (await allThere(archives)) return;
  }
  const names = archives.map(({ file }) => basename(file)).join(' and ');
  throw new Failure(
    `apt did not deliver ${names} with the checksums of rdkit.lock.\n${log.tail()}\n` +
      `Complete log: ${log.file}\n\n${otherWays(lock)}`,
  );
}

/**
 * Options that give apt-get separate sources, lists and cache in `dir`, so that it needs no root and changes nothing
 * else.
 */
function aptGet(dir, entry) {
  for (const name of ['sources', 'lists/partial', 'cache/archives/partial'])
    mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, 'sources', 'rdkit.sources'), entry);
  const settings = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': join(dir, 'sources'),
    'Dir::State::lists': join(dir, 'lists'),
    'Dir::Cache': join(dir, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
  };
  return ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

async function fromArchive(origin, { tree, work, log }) {
  const file = join(work, 'archive');
  await download(origin.place, file);
  const found = await sha256(file);
  log.write(`${origin.place}: SHA-256 ${found}`);
  if (origin.sha256 && origin.sha256.toLowerCase() !== found) {
    throw new Failure(
      `RDKIT_SOURCE_URL: the archive has SHA-256 ${found}, but RDKIT_SOURCE_SHA256 is ${origin.sha256}.`,
    );
  }
  await unpack(file, tree, log);
}

async function download(url, file) {
  let scheme;
  try {
    scheme = new URL(url).protocol;
  } catch {
    throw new Failure(`RDKIT_SOURCE_URL is not a URL: ${url}`);
  }
  if (!['file:', 'http:', 'https:'].includes(scheme))
    throw new Failure(`RDKIT_SOURCE_URL: ${scheme} is not supported: ${url}`);
  try {
    if (scheme === 'file:') return copyFileSync(fileURLToPath(url), file);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    await writeFile(file, response.body);
  } catch (error) {
    throw new Failure(`RDKIT_SOURCE_URL: ${url} could not be read: ${error.cause?.message ?? error.message}`);
  }
}

/** Unpacks a tar archive so that `tree` is the folder that contains CMakeLists.txt. */
async function unpack(archive, tree, log) {
  const raw = `${tree}.raw`;
  mkdirSync(raw, { recursive: true });
  await log.must('Unpacking RDKit', 'tar', ['-xf', archive, '-C', raw]);
  const top = readdirSync(raw);
  const inner = top.length === 1 ? join(raw, top[0]) : raw;
  renameSync(inner, tree);
  rmSync(raw, { recursive: true, force: true });
}

/** Copies the tree, because RDKit's configuration writes headers into its source tree. */
function copyTree(from, tree) {
  if (!existsSync(join(from, 'CMakeLists.txt'))) throw new Failure(`RDKIT_SOURCE_DIR: ${from} has no CMakeLists.txt.`);
  const skipped = new Set(['.git', '.pc', 'build'].map((name) => join(from, name)));
  cpSync(from, tree, { recursive: true, filter: (path) => !skipped.has(path) });
}

function checkVersion(tree, origin, lock) {
  const file = join(tree, 'CMakeLists.txt');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const part = (name) => new RegExp(`set\\(RDKit_${name}\\s+"(\\w*)"`).exec(text)?.[1];
  const found = `${part('Year')}.${part('Month')}.${part('Revision')}${part('RevisionModifier') ?? ''}`;
  if (found === lock.version) return;
  const what = part('Year') ? `is RDKit ${found}` : 'is not a source tree of RDKit';
  throw new Failure(
    `${origin.place} ${what}; version ${lock.version} is pinned, because canonical SMILES differ between versions.`,
  );
}

/** Applies Debian's patches if the tree contains them. */
async function applyDebianPatches(tree, log) {
  const theirs = join(tree, 'debian', 'patches');
  if (!existsSync(join(theirs, 'series'))) return;
  const lines = readFileSync(join(theirs, 'series'), 'utf8').split('\n');
  const names = lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
  for (const name of names) await applyPatch(join(theirs, name), tree, log);
}

async function applyOurPatches(tree, log) {
  const ours = join(root, 'crate', 'rdkit-sys', 'patches');
  const names = readdirSync(ours).filter((name) => name.endsWith('.patch'));
  for (const name of names.sort()) await applyPatch(join(ours, name), tree, log);
}

/** Applies one patch, unless the tree already contains it. */
async function applyPatch(file, tree, log) {
  const patch = ['-p1', '--force', '-i', file];
  const applied = await log.run('patch', [...patch, '--reverse', '--dry-run', '--silent'], { cwd: tree });
  if (applied !== 0) await log.must(`Patch ${basename(file)}`, 'patch', patch, { cwd: tree });
}
