/** The counts of each rule. */
import type { Sums, TransformSums } from '../../../index';
import { count } from '../../cli/format';
import { leftOut, sitesExcluded } from '../../equations';
import { type Column, table } from '../browser/table';
import type { ReportData } from './data';
import { section } from './section';

export function rules({ summary }: ReportData): HTMLElement {
  const { transforms, sums, filtered_by_clause, known_files } = summary;
  const figure = (head: string, read: (sums: Sums) => number): Column<TransformSums> => ({
    head,
    cell: (rule) => count(read(rule.sums)),
    sortBy: (rule) => read(rule.sums),
  });
  const columns: Column<TransformSums>[] = [
    { head: 'rule', cell: ({ name }) => name, sortBy: ({ name }) => name },
    figure('rows with products', (each) => each.rows_with_products),
    figure('rows rejected', (each) => each.rows_rejected),
    figure('sites', (each) => each.sites),
    figure('excluded', sitesExcluded),
    figure('failed', (each) => each.sites_failed),
    ...(filtered_by_clause ? [figure('filtered', (each) => each.filtered)] : []),
    figure('products', (each) => each.products),
    ...(known_files ? [figure('known', (each) => each.known)] : []),
    figure('unique', (each) => each.unique),
    figure(leftOut(sums).what, (each) => leftOut(each).value),
    ...(transforms.some(({ commonest_failure }) => commonest_failure) ? [commonest] : []),
  ];
  const title = transforms.length === 1 ? 'The rule' : `The ${count(transforms.length)} rules`;
  return section('rules', title, table('Counts of each rule', columns, transforms));
}

const commonest: Column<TransformSums> = {
  head: 'most frequent failure',
  kind: 'text',
  cell: ({ commonest_failure: failure }) =>
    failure
      ? `${count(failure.records)} × ${failure.code}, first in row ${count(failure.source_row)}: ${failure.reason}`
      : '',
};
