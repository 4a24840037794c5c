// The seeds of the fuzz targets: files of the project, some cut into pieces, and fuzz/seeds.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const GOLDEN = join(root, '__test__', 'golden');
const TRANSFORMS = [join(root, 'configs', 'transforms.yaml'), join(GOLDEN, 'extra.yaml')];
const SDF = join(root, 'crate', 'core', 'tests', 'fixture', 'sdf');
const FILES = join(root, 'crate', 'core', 'tests', 'fixture', 'source');

/** For each target: the pieces to write, and folders that are used as they are. */
const SEEDS = {
  smiles: { pieces: () => [...fours(column('extra.tsv', 1)), ...fours(column('plants-300.smi', 0).slice(0, 80))] },
  mol_block: { pieces: () => ['edges.sdf', 'unsanitized.sdf', 'rdkit-v3000.sdf'].flatMap(blocks) },
  smirks: { pieces: () => TRANSFORMS.flatMap(reactions) },
  transforms: { pieces: () => TRANSFORMS.map(text) },
  sdf: { pieces: () => ['edges.sdf', 'crlf.sdf', 'no-end.sdf'].map((name) => text(join(SDF, name))) },
  parquet: { folders: [FILES] },
  arrow: { folders: [FILES] },
};

/** Writes the seeds of `target` into `folder` and returns the folders to start from. */
export function writeSeeds(target, folder) {
  const { pieces = () => [], folders = [] } = SEEDS[target] ?? {};
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [index, piece] of pieces().entries()) writeFileSync(join(folder, `${index}`), piece);
  return [folder, ...folders, join(root, 'fuzz', 'seeds', target)].filter(existsSync);
}

function text(file) {
  return readFileSync(file, 'utf8');
}

/** The mol blocks of an SDF. */
function blocks(name) {
  const records = text(join(SDF, name)).split('$$$$\n');
  return records.map((record) => record.slice(0, record.indexOf('M  END') + 'M  END\n'.length)).filter(Boolean);
}

function column(file, index) {
  const lines = text(join(GOLDEN, file)).split('\n').filter(Boolean);
  return lines.map((line) => line.split(/[\t ]/)[index]);
}

function fours(rows) {
  const groups = [];
  for (let first = 0; first < rows.length; first += 4) groups.push(rows.slice(first, first + 4).join('\n'));
  return groups;
}

/** Each SMIRKS of a transform file, with its query, if any, on a separate line. */
function reactions(file) {
  const transforms = text(file).split(/^ *- (?=\{?name:)/m);
  const value = (key, transform) => new RegExp(`\\b${key}: "(.*?)"[,}]?`).exec(transform)?.[1].replaceAll('\\\\', '\\');
  return transforms
    .filter((transform) => value('smirks', transform))
    .map((transform) => [value('smirks', transform), value('query_smarts', transform)].filter(Boolean).join('\n'));
}
