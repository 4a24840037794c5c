// The steps of crate/rdkit-sys/benches/steps, and how its benchmark programs are built and fed.
import { join } from 'node:path';
import { cargoEnvironment, host } from '../../scripts/lib/build.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { withScratch } from '../../scripts/lib/scratch.mjs';
import { cutLibrary, readDistinct } from './libraries.mjs';

/** Rows that are always available, and are the same everywhere. */
export const FIXED_ROWS = join(root, 'examples', 'plants-1k.parquet');

/** In the order of the programs; `less` is the step whose time is subtracted to get `meaning`. */
export const STEPS = [
  { name: 'refuse', meaning: 'taking rows, counting their atoms in the text, one reject record each' },
  { name: 'parse', meaning: 'a transform whose element no row has: parse, and sanitize unless that can be skipped' },
  { name: 'match', less: 'parse', meaning: 'sanitize where `parse` skipped it; a match that finds nothing' },
  { name: 'select', less: 'match', meaning: 'sites of OMe found, all excluded by the query' },
  { name: 'react', less: 'select', meaning: 'products made and refused at their valence' },
  { name: 'ome', less: 'select', meaning: 'OMe: react, finish and write its products' },
  { name: 'phenol', less: 'ome', meaning: 'three more phenol transforms in the same pass' },
  { name: 'kinds', less: 'phenol', meaning: 'seven kinds of halogenation in the same pass' },
];

/** Arguments of `cargo bench` for one program; the program's own arguments follow after `--`. */
export function cargoBench(program, ...words) {
  return ['bench', '--target', host(), '--bench', program, ...words];
}

/**
 * Calls `body(env, rows)` with the environment for cargo and the programs: the library as a temporary file of SMILES.
 */
export async function withRows(library, most, body) {
  return withScratch('kernel', async (folder) => {
    const { smi, rows } = cutLibrary(await readDistinct(library), most, folder, 'rows');
    return await body({ ...(await cargoEnvironment()), XFORM_BENCH_ROWS: smi }, rows);
  });
}
