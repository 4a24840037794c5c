/** The counts of a run: equations for one transform, a table for several. */
import type { Summary, Sums } from '../../index';
import { type Equation, equationsOf, leftOut, sitesExcluded, type Term } from '../equations';
import { count, widest } from './format';
import { type Column, fittedTable, leftOutLines } from './table';

/** How a text is made to stand out. */
type Strong = (text: string) => string;

/** The counts per transform, in lines of at most `width` columns. */
export function sumsText(summary: Summary, strong: Strong, width: number): string {
  const [only, ...others] = summary.transforms;
  return only && others.length === 0
    ? `${strong(only.name)}\n\n${equationLines(equationsOf(only.sums, summary), width)}`
    : manyTransforms(summary, strong, width);
}

/** Equations one below the other; one that is too long goes on below its first term. */
function equationLines(equations: readonly Equation[], width: number): string {
  const [names, totals] = [equations.map(({ name }) => name), equations.map(({ total }) => count(total))];
  const [nameWidth, totalWidth] = [widest(names), widest(totals)];
  const indent = nameWidth + totalWidth + '  '.length + ' = '.length;
  return equations
    .flatMap(({ name, total, terms }) => {
      const left = `${name.padEnd(nameWidth)}  ${count(total).padStart(totalWidth)} = `;
      const lines = termLines(terms, width - indent);
      return lines.map((line, index) => `${index === 0 ? left : ' '.repeat(indent)}${line}\n`);
    })
    .join('');
}

/** A sum in lines of at most `width` columns, cut between its terms. */
function termLines(terms: readonly Term[], width: number): string[] {
  const lines: string[] = [];
  for (const { value, what } of terms) {
    const term = `${count(value)} ${what}`;
    const last = lines.at(-1);
    if (last === undefined) lines.push(term);
    else if (`${last} + ${term}`.length <= width) lines[lines.length - 1] = `${last} + ${term}`;
    else lines.push(`+ ${term}`);
  }
  return lines;
}

/** A column of the table of transforms; without a rank it always stays. */
interface SumColumn {
  head: string;
  rank?: number;
  value(sums: Sums): number;
}

/** The columns about sums. */
function sumColumns({ sums, filtered_by_clause, known_files }: Summary): SumColumn[] {
  const { what: leftOutName } = leftOut(sums);
  const filtered: SumColumn = { head: 'filtered', rank: 1, value: (each) => each.filtered };
  const known: SumColumn = { head: 'known', rank: 1, value: (each) => each.known };
  return [
    { head: 'sites', rank: 4, value: (each) => each.sites },
    { head: 'excluded', rank: 5, value: sitesExcluded },
    { head: 'failed', rank: 3, value: (each) => each.sites_failed },
    ...(filtered_by_clause === undefined ? [] : [filtered]),
    { head: 'products', value: (each) => each.products },
    ...(known_files === undefined ? [] : [known]),
    { head: 'unique', value: (each) => each.unique },
    { head: leftOutName, rank: 6, value: (each) => leftOut(each).value },
  ];
}

/** The counts of several transforms, one line each; the last line counts each row once. */
function manyTransforms(summary: Summary, strong: Strong, width: number): string {
  const { transforms, sums, stats } = summary;
  const ofSums = sumColumns(summary);
  const cells = (name: string, each: Sums, withProducts: number, rejected: number) => [
    name,
    ...[withProducts, rejected, ...ofSums.map(({ value }) => value(each))].map(count),
  ];
  const columns: Column[] = [
    { head: 'transform', least: 40 },
    { head: 'with products', isFigure: true, rank: 2 },
    { head: 'rejected', isFigure: true, rank: 3 },
    ...ofSums.map(({ value: _, ...column }) => ({ ...column, isFigure: true })),
  ];
  const {
    head,
    body,
    leftOut: hidden,
  } = fittedTable(
    columns,
    [
      ...transforms.map(({ name, sums: each }) => cells(name, each, each.rows_with_products, each.rows_rejected)),
      cells(`all, of ${count(sums.rows)} rows`, sums, stats.success, stats.rejected),
    ],
    width,
  );
  const total = body.pop() ?? '';
  const lines = [...head.map(strong), ...body, strong(total), ...leftOutLines(hidden, width)];
  return `${lines.join('\n')}\n`;
}
