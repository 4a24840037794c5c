// Gets the source tree of one library: from Debian's source package through apt, from an archive, or from a folder.
//
// A `source` says which: `title` and `variable` (the prefix of the variables that name another place), `package`,
// `version` and `suite` in Debian, `archives` (Debian's two files with their SHA-256), and `marks` (of these names, each
// source tree contains at least one).
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
import { sha256 } from './rdkit-lock.mjs';
import { Failure } from './run.mjs';

/** The place to get a source from, according to the environment: `{ kind, place }`. */
export function chooseOrigin(env, source) {
  const [folder, url] = [env[`${source.variable}_DIR`], env[`${source.variable}_URL`]];
  if (folder) return { kind: 'folder', place: resolve(folder) };
  if (url) return { kind: 'archive', place: url, sha256: env[`${source.variable}_SHA256`] };
  return { kind: 'apt', place: `${source.package} ${source.version} (${source.suite})` };
}

/** Puts the source into the folder `tree`, unpatched. `advice` ends the message if apt does not have the package. */
export async function fetchTree(origin, source, tree, { work, downloads, log, advice }) {
  if (origin.kind === 'apt') await fromApt(source, tree, { work, downloads, log, advice });
  if (origin.kind === 'archive') await fromArchive(origin, source, tree, { work, log });
  if (origin.kind === 'folder') copyTree(origin.place, source, tree);
}

async function fromApt(source, tree, { work, downloads, log, advice }) {
  const archives = source.archives.map(({ name, sha256 }) => ({ file: join(downloads, name), sha256 }));
  if (!(await allThere(archives))) await downloadByApt(source, archives, { work, downloads, log, advice });
  await unpack(archives[0].file, source, tree, log);
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
async function downloadByApt(source, archives, { work, downloads, log, advice }) {
  const entries = sourceEntries(readAptFiles(), source.suite);
  if (entries.length === 0) {
    throw new Failure(
      `the apt sources of this machine do not name a Debian archive that could have ${source.suite}.\n\n${advice}`,
    );
  }
  for (const [i, entry] of entries.entries()) {
    const apt = aptGet(join(work, `apt-${source.package}-${i}`), entry.text);
    await log.run('apt-get', [...apt, 'update']);
    const wanted = `${source.package}=${source.version}`;
    await log.run('apt-get', [...apt, '--only-source', '--download-only', 'source', wanted], { cwd: downloads });
    if (await allThere(archives)) return;
  }
  const names = archives.map(({ file }) => basename(file)).join(' and ');
  throw new Failure(
    `apt did not deliver ${names} with the checksums of rdkit.lock.\n${log.tail()}\n` +
      `Complete log: ${log.file}\n\n${advice}`,
  );
}

/**
 * Options that give apt-get separate sources, lists and cache in `dir`, so that it needs no root and changes nothing
 * else.
 */
function aptGet(dir, entry) {
  for (const name of ['sources', 'lists/partial', 'cache/archives/partial'])
    mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, 'sources', 'package.sources'), entry);
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

async function fromArchive(origin, source, tree, { work, log }) {
  const file = join(work, `${source.package}.archive`);
  await download(origin.place, `${source.variable}_URL`, file);
  const found = await sha256(file);
  log.write(`${origin.place}: SHA-256 ${found}`);
  if (origin.sha256 && origin.sha256.toLowerCase() !== found) {
    const variable = source.variable;
    throw new Failure(`${variable}_URL: the archive has SHA-256 ${found}, but ${variable}_SHA256 is ${origin.sha256}.`);
  }
  await unpack(file, source, tree, log);
}

async function download(url, variable, file) {
  let scheme;
  try {
    scheme = new URL(url).protocol;
  } catch {
    throw new Failure(`${variable} is not a URL: ${url}`);
  }
  if (!['file:', 'http:', 'https:'].includes(scheme))
    throw new Failure(`${variable}: ${scheme} is not supported: ${url}`);
  try {
    if (scheme === 'file:') return copyFileSync(fileURLToPath(url), file);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    await writeFile(file, response.body);
  } catch (error) {
    throw new Failure(`${variable}: ${url} could not be read: ${error.cause?.message ?? error.message}`);
  }
}

/** Unpacks a tar archive so that `tree` is its only top folder, or the folder of all that it contains. */
async function unpack(archive, source, tree, log) {
  const raw = `${tree}.raw`;
  mkdirSync(raw, { recursive: true });
  await log.must(`Unpacking ${source.title}`, 'tar', ['-xf', archive, '-C', raw]);
  const top = readdirSync(raw);
  const inner = top.length === 1 ? join(raw, top[0]) : raw;
  renameSync(inner, tree);
  rmSync(raw, { recursive: true, force: true });
}

/** Copies the tree, because it is patched, and because RDKit's configuration writes headers into its source tree. */
function copyTree(from, source, tree) {
  if (!source.marks.some((name) => existsSync(join(from, name))))
    throw new Failure(`${source.variable}_DIR: ${from} has no ${source.marks.join(' or ')}.`);
  const skipped = new Set(['.git', '.pc', 'build'].map((name) => join(from, name)));
  cpSync(from, tree, { recursive: true, filter: (path) => !skipped.has(path) });
}

/** Applies Debian's patches, if the tree contains them. */
export async function applyDebianPatches(tree, log) {
  await applyPatches(join(tree, 'debian', 'patches'), tree, log);
}

/** Applies the patches of a folder, if there is one: those that its file `series` lists, else all of them by name. */
export async function applyPatches(folder, tree, log) {
  if (!existsSync(folder)) return;
  for (const name of patchNames(folder)) await applyPatch(join(folder, name), tree, log);
}

function patchNames(folder) {
  const series = join(folder, 'series');
  if (!existsSync(series)) {
    const names = readdirSync(folder).filter((name) => name.endsWith('.patch'));
    return names.sort();
  }
  const lines = readFileSync(series, 'utf8').split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
}

/** Applies one patch, unless the tree already contains it. */
async function applyPatch(file, tree, log) {
  const patch = ['-p1', '--force', '-i', file];
  const applied = await log.run('patch', [...patch, '--reverse', '--dry-run', '--silent'], { cwd: tree });
  if (applied !== 0) await log.must(`Patch ${basename(file)}`, 'patch', patch, { cwd: tree });
}
