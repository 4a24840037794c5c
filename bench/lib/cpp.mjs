// Compiles the C++ programs of bench/programs/cpp against stock RDKit.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { capture, Failure } from '../../scripts/lib/run.mjs';
import { benchCache } from './environments.mjs';
import { stockRdkit } from './stock-rdkit.mjs';

const FOLDER = join(root, 'bench', 'programs', 'cpp');

/**
 * The path of a program, compiled if it is missing or its sources have changed. libstdc++ and libc are linked
 * dynamically.
 */
export async function cppProgram(name) {
  const prefix = await stockRdkit();
  const hash = createHash('sha256').update(prefix);
  for (const file of readdirSync(FOLDER).sort()) hash.update(readFileSync(join(FOLDER, file)));
  const program = join(benchCache('cpp'), `${name}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(program)) return program;
  const include = [join(prefix, 'include', 'rdkit'), join(prefix, 'include')].find((folder) =>
    existsSync(join(folder, 'GraphMol')),
  );
  const lib = join(prefix, 'lib');
  const archives = readdirSync(lib).filter((file) => /^libRDKit\w+_static\.a$/.test(file));
  const group = ['-Wl,--start-group', ...archives.map((file) => join(lib, file)), '-Wl,--end-group', '-pthread'];
  const flags = ['-O3', '-std=c++17', '-isystem', include, join(FOLDER, `${name}.cc`), '-o', `${program}.new`];
  if (capture('c++', [...flags, ...group], { stdio: ['ignore', 'pipe', 'inherit'] }) === null)
    throw new Failure(`${name}.cc cannot be compiled against ${prefix}.`);
  renameSync(`${program}.new`, program);
  return program;
}
