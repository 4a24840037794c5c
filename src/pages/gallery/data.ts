/** The data of a gallery: what the native side writes into the page as JSON. */

/** One page of a gallery, or the index of several. */
export interface GalleryData {
  /** Name of the folder or file. */
  title: string;
  /** Rows of the table that meet `where`. */
  rows: number;
  /** Molecules in all pages. */
  shown: number;
  /** The columns of `values`. */
  columns: { name: string; type: 'number' | 'text' | 'boolean' | 'list' }[];
  /** The substructures that were looked for, as SMARTS. */
  queries: string[];
  /** Which page this is: 0 for the index of several pages, 1 of 1 for the only page. */
  page: { number: number; of: number };
  /** Names of the numbered pages, beside the index; empty if there is one page. */
  files: string[];
  /** Name of the index; null in the index itself and if there is one page. */
  index: string | null;
  molecules: GalleryMolecule[];
}

/** A molecule, and the parent that it was made from. */
export interface GalleryMolecule {
  /** Its row in the table, from 0. */
  row: number;
  /** `product_id`, or the value of the table's id column. */
  id: string | null;
  smiles: string;
  /** The transform that made it (`xf_name`). */
  rule: string | null;
  parent: { id: string | null; smiles: string } | null;
  /** One value for each of `columns`. */
  values: GalleryValue[];
  /** Whether it matches, for each of `queries`. */
  matches: boolean[];
  /** In the index: the numbered page that has its drawing, from 1. */
  page?: number;
  /** SVG of the molecule, with its site and matches highlighted; absent in the index. */
  drawing?: string;
  /** SVG of the parent, in the same orientation, with the site highlighted. */
  parent_drawing?: string;
  /** Why there is no drawing, or no common orientation. */
  fault?: string;
}

export type GalleryValue = number | string | boolean | null | (number | string | null)[];
