/** The equations that the counts of a run satisfy, in words, for the terminal and the report. */
import type { Summary, Sums } from '../index';

/** A number of rows, sites, results or products. */
export interface Term {
  value: number;
  what: string;
  /** What became of them: they lead to the next equation or are written, they are left out, or they failed. */
  fate: 'kept' | 'left out' | 'failed';
}

/** `total` is the sum of the terms. */
export interface Equation {
  name: string;
  total: number;
  terms: Term[];
}

/** The equations of one transform or of all. Without a filter and without known molecules, they do not mention them. */
export function equationsOf(
  sums: Sums,
  { filtered_by_clause, known_files }: Pick<Summary, 'filtered_by_clause' | 'known_files'>,
): Equation[] {
  const isFiltered = filtered_by_clause !== undefined;
  const products: Term = { value: sums.products, what: 'products', fate: 'kept' };
  const filter: Equation[] = isFiltered
    ? [
        {
          name: 'made',
          total: sums.made,
          terms: [{ value: sums.filtered, what: 'filtered', fate: 'left out' }, products],
        },
      ]
    : [];
  const known: Term[] = known_files === undefined ? [] : [{ value: sums.known, what: 'known', fate: 'left out' }];
  return [
    {
      name: 'rows',
      total: sums.rows,
      terms: [
        { value: sums.rows_with_products, what: 'with products', fate: 'kept' },
        { value: sums.rows_no_site, what: 'without a site', fate: 'left out' },
        { value: sums.rows_all_sites_excluded, what: 'with all sites excluded', fate: 'left out' },
        { value: sums.rows_rejected, what: 'rejected', fate: 'failed' },
      ],
    },
    {
      name: 'sites',
      total: sums.sites,
      terms: [
        { value: sums.sites_applied, what: 'applied', fate: 'kept' },
        { value: sitesExcluded(sums), what: 'excluded', fate: 'left out' },
        { value: sums.sites_failed, what: 'failed', fate: 'failed' },
      ],
    },
    {
      name: 'results',
      total: sums.results,
      terms: [
        { value: sums.made, what: isFiltered ? 'made' : 'products', fate: 'kept' },
        { value: sums.results_repeated, what: 'repeated in their molecule', fate: 'left out' },
        { value: sums.results_failed, what: 'failed', fate: 'failed' },
      ],
    },
    ...filter,
    {
      name: 'products',
      total: sums.products,
      terms: [...known, { value: sums.unique, what: 'unique', fate: 'kept' }, leftOut(sums)],
    },
  ];
}

/** Sites that were not run. */
export function sitesExcluded(sums: Sums): number {
  return (
    sums.sites_excluded_query + sums.sites_excluded_not_smarts + sums.sites_excluded_sugar + sums.sites_excluded_limit
  );
}

/** Products that were not written because they are the same as others, and why. */
export function leftOut(sums: Sums): Term {
  return sums.dropped_as_seen === undefined
    ? { value: sums.duplicates ?? 0, what: 'duplicates', fate: 'left out' }
    : { value: sums.dropped_as_seen, what: 'dropped as seen', fate: 'left out' };
}
