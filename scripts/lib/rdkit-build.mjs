// Configures, builds and installs the static RDKit from a source tree.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { root } from './paths.mjs';
import { NinjaProgress } from './progress.mjs';
import { capture } from './run.mjs';

// These and their dependencies contain everything that the kernel links.
const TARGETS = [
  'ChemReactions_static',
  'SmilesParse_static',
  'MolDraw2D_static',
  'Descriptors_static',
  'FilterCatalog_static',
  'MolStandardize_static',
  'RDInchiLib_static',
];

const ON = [
  'CMAKE_POSITION_INDEPENDENT_CODE',
  'RDK_INSTALL_STATIC_LIBS',
  'RDK_BUILD_THREADSAFE_SSS',
  'RDK_BUILD_INCHI_SUPPORT',
];

const OFF = [
  'RDK_BUILD_PYTHON_WRAPPERS',
  'RDK_BUILD_CPP_TESTS',
  'RDK_BUILD_MAEPARSER_SUPPORT',
  'RDK_BUILD_COORDGEN_SUPPORT',
  'RDK_BUILD_FREETYPE_SUPPORT',
  'RDK_BUILD_CAIRO_SUPPORT',
  'RDK_BUILD_FREESASA_SUPPORT',
  'RDK_BUILD_MOLINTERCHANGE_SUPPORT', // outside Debian's tree it downloads rapidjson
  'RDK_BUILD_XYZ2MOL_SUPPORT',
  'RDK_BUILD_DESCRIPTORS3D',
  'RDK_BUILD_PUBCHEMSHAPE_SUPPORT',
  'RDK_BUILD_FUZZ_TARGETS',
  'RDK_BUILD_SLN_SUPPORT',
  'RDK_INSTALL_COMIC_FONTS',
  'RDK_USE_BOOST_SERIALIZATION',
  'RDK_USE_BOOST_IOSTREAMS',
  'RDK_USE_BOOST_STACKTRACE',
  'RDK_USE_URF',
  'RDK_OPTIMIZE_POPCNT', // the binary runs on any x86-64
];

const REQUIRED = [
  'ChemReactions',
  'SmilesParse',
  'MolDraw2D',
  'Descriptors',
  'FilterCatalog',
  'MolStandardize',
  'RDInchiLib',
  'Inchi',
  'SubstructMatch',
  'GraphMol',
  'RDGeneral',
];

const REQUIRED_HEADERS = [join('GraphMol', 'ChemReactions', 'Reaction.h'), join('GraphMol', 'inchi.h')];

// Folders of RDKit's tree that are part of the build, each with the place of its headers below include/rdkit.
const PARTS = [
  { folder: 'Code', headers: '' },
  { folder: join('External', 'INCHI-API'), headers: 'GraphMol', only: ['inchi.h'] },
];

/** Builds `tree` below `work` and installs headers, archives and licences into `prefix`. */
export async function build(tree, { work, prefix, log, origins, lock }) {
  const folder = join(work, 'build');
  await log.must('Configuring RDKit', 'cmake', configureArguments(tree, folder, work));
  const progress = new NinjaProgress(`RDKit ${lock.version}`);
  const env = { ...process.env, NINJA_STATUS: '[%f/%t] ' };
  const ninja = ['-C', folder, '-j', String(jobs()), ...TARGETS];
  try {
    await log.must('Building RDKit', 'ninja', ninja, { env }, (line) => progress.line(line));
  } finally {
    progress.end();
  }
  install(tree, folder, prefix);
  writeFileSync(join(prefix, 'build.json'), `${JSON.stringify(record(origins, lock, progress), null, 2)}\n`);
}

function configureArguments(tree, folder, work) {
  const definitions = [
    'CMAKE_BUILD_TYPE=Release',
    `FETCHCONTENT_SOURCE_DIR_CATCH2=${catchStub(work)}`,
    ...betterEnums(tree, work),
    // Debian's patch links the library that this variable names; here it is the target built from RDKit's tree.
    'INCHI_LIBRARY:STRING=Inchi',
    ...ON.map((name) => `${name}=ON`),
    ...OFF.map((name) => `${name}=OFF`),
  ];
  return ['-S', tree, '-B', folder, '-G', 'Ninja', ...definitions.map((definition) => `-D${definition}`)];
}

/** RDKit requires Catch2 when it is configured, even with its tests off; two empty targets are enough. */
function catchStub(work) {
  const folder = join(work, 'catch2');
  mkdirSync(join(folder, 'extras'), { recursive: true });
  writeFileSync(
    join(folder, 'CMakeLists.txt'),
    'add_library(Catch2 INTERFACE)\nadd_library(Catch2::Catch2 ALIAS Catch2)\n',
  );
  writeFileSync(join(folder, 'extras', 'Catch.cmake'), '');
  return folder;
}

/**
 * RDKit's own tree clones better_enums (one header, pinned by commit) with git; Debian's patch includes that header. If
 * the header exists, it is offered in a separate folder, and nothing is cloned.
 */
function betterEnums(tree, work) {
  const header = join(tree, 'Code', 'RDGeneral', 'enum.h');
  if (!existsSync(header)) return [];
  const folder = join(work, 'better_enums');
  mkdirSync(folder, { recursive: true });
  copyFileSync(header, join(folder, 'enum.h'));
  return [`FETCHCONTENT_SOURCE_DIR_BETTER_ENUMS=${folder}`];
}

/** As many jobs as there are cores, but no more than memory allows: RDKit's largest units take about 1 GB each. */
function jobs() {
  const memory = Math.min(totalmem(), process.constrainedMemory?.() || Infinity);
  const asked = Number(process.env.CMAKE_BUILD_PARALLEL_LEVEL);
  return asked || Math.max(1, Math.min(availableParallelism(), Math.floor(memory / 1e9)));
}

function install(tree, folder, prefix) {
  for (const part of PARTS) {
    const code = join(tree, part.folder);
    const place = join(prefix, 'include', 'rdkit', part.headers);
    for (const header of headersOf(part, code)) copyInto(join(place, relative(code, header)), header);
    const archives = filesBelow(join(folder, part.folder)).filter((file) => /libRDKit\w+_static\.a$/.test(file));
    for (const archive of archives) copyInto(join(prefix, 'lib', basename(archive)), archive);
  }
  for (const file of licences(tree)) copyInto(join(prefix, 'licenses', file.name), file.path);
}

function headersOf({ only }, code) {
  if (only) return only.map((name) => join(code, name));
  return filesBelow(code).filter((file) => /\.(h|hpp)$/.test(file) && !file.includes('/Wrap/'));
}

/** RDKit's own licence, and the texts in scripts/notice for the code that is compiled into its archives. */
function licences(tree) {
  const own = [
    join(tree, 'license.txt'),
    ...filesBelow(join(tree, 'Code')).filter((file) => /license\.txt$/i.test(file)),
  ];
  const others = ['boost.txt', 'better-enums.txt', 'eigen.txt', 'bison.txt', 'inchi.txt'];
  return [
    ...own
      .filter((path) => existsSync(path))
      .map((path) => ({ path, name: relative(tree, path).replaceAll('/', '-') })),
    ...others.map((name) => ({ path: join(root, 'scripts', 'notice', name), name })),
  ];
}

function copyInto(place, file) {
  mkdirSync(dirname(place), { recursive: true });
  copyFileSync(file, place);
}

/** A record of the build's source and tools; `origins` decide whether a variable asks for a different build. */
function record(origins, lock, progress) {
  return {
    version: lock.version,
    origins,
    recipe: lock.recipe,
    compiler: capture('c++', ['--version'])?.split('\n')[0] ?? null,
    time: progress.minutes(),
  };
}

/**
 * The faults of a folder that should hold a ready build; it can be used if there are none. build.rs checks the same.
 */
export function prefixFaults(prefix, lock) {
  if (!existsSync(prefix)) return ['the folder does not exist'];
  const lib = existsSync(join(prefix, 'lib64', archiveName('RDGeneral'))) ? 'lib64' : 'lib';
  const include = ['include/rdkit', 'include'].find((folder) => existsSync(join(prefix, folder, REQUIRED_HEADERS[0])));
  const files = [
    ...REQUIRED_HEADERS.map((header) => join(include ?? 'include/rdkit', header)),
    ...REQUIRED.map((name) => join(lib, archiveName(name))),
  ];
  const missing = files.filter((file) => !existsSync(join(prefix, file)));
  if (missing.length > 0) return missing.map((file) => `${file} is missing`);
  const general = readFileSync(join(prefix, lib, archiveName('RDGeneral')));
  return general.includes(`${lock.version}\0`) ? [] : [`it is not RDKit ${lock.version}`];
}

function archiveName(component) {
  return `libRDKit${component}_static.a`;
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
