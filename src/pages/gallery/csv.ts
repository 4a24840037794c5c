/** Molecules as CSV (RFC 4180). */
import type { GalleryData, GalleryMolecule } from './data';
import { exactValue } from './values';

/** Characters with which a spreadsheet lets a formula begin, as in `export --spreadsheet`. */
const FORMULA = /^[=+\-@\t\r]/;

/** The molecules with a header. With `guardsFormulas`, text that a spreadsheet would take for a formula gets an apostrophe. */
export function csv(data: GalleryData, molecules: readonly GalleryMolecule[], guardsFormulas: boolean): string {
  const text = (value: string | null) => (guardsFormulas && value && FORMULA.test(value) ? `'${value}` : (value ?? ''));
  const names = data.columns.map(({ name }) => name);
  const matches = data.queries.map((query) => `matches ${query}`);
  const head = ['row', 'id', 'smiles', 'rule', 'parent_id', 'parent_smiles', ...names, ...matches];
  const lines = molecules.map((molecule) => [
    String(molecule.row),
    text(molecule.id),
    text(molecule.smiles),
    text(molecule.rule),
    text(molecule.parent?.id ?? null),
    text(molecule.parent?.smiles ?? null),
    ...molecule.values.map((value) => (typeof value === 'string' ? text(value) : exactValue(value))),
    ...molecule.matches.map(String),
  ]);
  return [head.map(text), ...lines].map((fields) => `${fields.map(quoted).join(',')}\r\n`).join('');
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
