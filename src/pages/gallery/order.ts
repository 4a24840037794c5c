/** The orders in which molecules can be shown. */
import type { GalleryData, GalleryMolecule, GalleryValue } from './data';

/** Something to sort by. */
export interface Criterion {
  label: string;
  read(molecule: GalleryMolecule): GalleryValue;
}

/** The criteria of a gallery; the first is the order of the table. */
export function criteriaOf({ columns, queries, molecules }: GalleryData): Criterion[] {
  return [
    { label: 'row', read: ({ row }) => row },
    { label: 'id', read: ({ id }) => id },
    { label: 'SMILES', read: ({ smiles }) => smiles },
    ...(molecules.some(({ rule }) => rule !== null)
      ? [{ label: 'rule', read: ({ rule }: GalleryMolecule) => rule }]
      : []),
    ...columns.map(({ name }, index) => ({
      label: name,
      read: ({ values }: GalleryMolecule) => values[index] ?? null,
    })),
    ...queries.map((query, index) => ({
      label: `matches ${query}`,
      read: ({ matches }: GalleryMolecule) => matches[index] ?? null,
    })),
  ];
}

const collator = new Intl.Collator('en', { numeric: true });

/** The positions of `molecules` in ascending or descending order; equal ones stay as they are, and nulls come last. */
export function sorted(molecules: readonly GalleryMolecule[], { read }: Criterion, isDescending: boolean): number[] {
  const values = molecules.map(read);
  const sign = isDescending ? -1 : 1;
  return [...values.keys()].sort((left, right) => compare(values[left] ?? null, values[right] ?? null, sign));
}

function compare(left: GalleryValue, right: GalleryValue, sign: number): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (typeof left === 'string' && typeof right === 'string') return sign * collator.compare(left, right);
  if (Array.isArray(left) && Array.isArray(right)) return sign * (left.length - right.length);
  return sign * (Number(left) - Number(right));
}
