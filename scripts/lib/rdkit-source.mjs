// Builds RDKit's source tree: RDKit's own source with our patches, and InChI's in the folder where RDKit expects it.
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { lockedPackage } from './rdkit-lock.mjs';
import { Failure } from './run.mjs';
import { applyDebianPatches, applyPatches, chooseOrigin, fetchTree } from './source-package.mjs';

// InChI's source files, below the folder that InChI calls INCHI-1-SRC.
const INCHI_MARK = join('INCHI_BASE', 'src', 'ichican2.c');
const INCHI_VERSION = join('INCHI_BASE', 'src', 'bcf_s.h');
/** Where RDKit's CMake looks for them before anything else. */
const INCHI_PLACE = join('External', 'INCHI-API', 'src');

/** The libraries that are built from source, by name (source-package.mjs explains the fields). */
function sources(lock) {
  return {
    rdkit: { ...lockedPackage(lock), title: 'RDKit', variable: 'RDKIT_SOURCE', marks: ['CMakeLists.txt'] },
    inchi: {
      ...lockedPackage(lock, 'inchi_'),
      title: 'InChI',
      variable: 'INCHI_SOURCE',
      marks: ['INCHI-1-SRC', 'INCHI_BASE'],
    },
  };
}

/** The place of each source, by name, according to the environment. */
export function chooseOrigins(env, lock) {
  return mapValues(sources(lock), (source) => chooseOrigin(env, source));
}

/** The origins that a variable names, by name. */
export function namedOrigins(origins) {
  return Object.fromEntries(Object.entries(origins).filter(([, { kind }]) => kind !== 'apt'));
}

/** Advice for a machine whose apt does not have the source packages. */
export function otherWays(lock) {
  const release = `Release_${lock.version.replaceAll('.', '_')}`;
  return [
    `RDKit ${lock.version} can be provided in one of these ways; set the variables and rerun the command:`,
    `  RDKIT_SOURCE_URL  an archive of the release (tag ${release}), https:// or file://, .tar.gz or .tar.xz;`,
    '                    RDKIT_SOURCE_SHA256 checks it, if set',
    '  RDKIT_SOURCE_DIR  an unpacked source tree of that release; it is copied, not changed',
    '  RDKIT_PREFIX      a ready build: include/rdkit/** and lib/libRDKit*_static.a, position-independent',
    `A build from source also needs the source of InChI ${lock.inchi_version}, in one of these ways:`,
    `  INCHI_SOURCE_URL  an archive of the release (tag v${lock.inchi_version}), as for RDKit; INCHI_SOURCE_SHA256`,
    '                    checks it, if set',
    '  INCHI_SOURCE_DIR  an unpacked source tree of that release, or its folder INCHI-1-SRC',
    `  or no variable, if RDKit's tree has it in ${INCHI_PLACE}`,
  ].join('\n');
}

/** Puts the patched source tree (with `ours`, also with our patches) into `<work>/source` and returns that folder. */
export async function getSource(origins, lock, { work, downloads, log, ours = true }) {
  const tree = join(work, 'source');
  const tools = { work, downloads, log, advice: otherWays(lock) };
  await fetchTree(origins.rdkit, sources(lock).rdkit, tree, tools);
  checkVersion(tree, origins.rdkit, lock);
  await applyDebianPatches(tree, log);
  if (ours) await applyPatches(join(root, 'crate', 'rdkit-sys', 'patches'), tree, log);
  await addInchi(tree, origins.inchi, lock, tools);
  return tree;
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

/** Adds InChI's source files to RDKit's tree, unless the tree has them and no variable names others. */
async function addInchi(tree, origin, lock, tools) {
  const place = join(tree, INCHI_PLACE);
  if (origin.kind === 'apt' && existsSync(join(place, INCHI_MARK))) return checkInchi(place, "RDKit's tree", lock);
  const inchi = join(tools.work, 'inchi');
  await fetchTree(origin, sources(lock).inchi, inchi, tools);
  const code = [join(inchi, 'INCHI-1-SRC'), inchi].find((folder) => existsSync(join(folder, INCHI_MARK))) ?? inchi;
  checkInchi(code, origin.place, lock);
  await applyDebianPatches(inchi, tools.log);
  rmSync(place, { recursive: true, force: true });
  renameSync(code, place);
}

function checkInchi(code, place, lock) {
  const file = join(code, INCHI_VERSION);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const found = /#define\s+CURRENT_VER\s+"([^"]*)"/.exec(text)?.[1];
  if (found === lock.inchi_version) return;
  const what = found ? `has InChI ${found}` : 'has no source of InChI that shows its version';
  throw new Failure(
    `${place} ${what}; version ${lock.inchi_version} is pinned, because InChIs differ between versions.`,
  );
}

function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}
