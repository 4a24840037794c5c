/** `xform-native summarize`: counts of rows by the values of columns, and the ranges of numbers. */
import type { Command } from 'commander';
import type { GroupReport, Path, SummarizeOptions, TableReport } from '../../index';
import { summarize } from '../summarize';
import { path } from './arguments';
import { EXIT_CUT_SHORT, EXIT_DONE } from './exit';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { alignColumns, bytes, count } from './format';
import { printable, printableJson } from './printable';
import { rowCounter } from './progress';
import { warn } from './run';
import { runUntilStopped } from './signals';
import { type Column, tableLines } from './table';
import { screenWidth } from './terminal';
import { stopStatuses } from './texts';
import { cellText, figureText } from './value-text';

type Flags = SummarizeOptions & FrontFlags;

export function declareSummarize(command: Command): void {
  command
    .description(
      'Count the products of a finished run, or the rows of any Parquet file with a SMILES column, by the values of columns, ' +
        'and show the ranges of its numbers.',
    )
    .summary('count products and show the ranges of their properties')
    .usage('<folder or file> [--by <names>] [options]')
    .argument('<folder or file>', 'output folder of a run, or a Parquet file', path)
    .allowExcessArguments(false);
  declareFlags(command, 'summarize')
    .addHelpText('after', epilogue)
    .action((input: Path, flags: Flags) => run(input, flags));
}

const epilogue = `
With -o -, the summary goes to stderr.

Exit status:
  0 done   1 the summary failed   2 usage, or a table that cannot be read
${stopStatuses}
  141 with -o -, the reader of the figures went away before the end

Examples:
  $ xform-native summarize out --by xf_name
  $ xform-native summarize out --by xf_name,halogen --columns MW,cLogP
  $ xform-native summarize out --by xf_name -o counts.csv
`;

function run(input: Path, flags: Flags): Promise<void> {
  return runUntilStopped(false, flags.json === true, async (signal) => {
    const options = withoutFront('summarize', flags);
    const isPiped = String(options.output) === '-';
    const counter = flags.quiet || isPiped ? undefined : rowCounter('');
    const report = await summarize(input, options as SummarizeOptions, { signal, onProgress: counter?.update });
    counter?.end();
    if (report.was_cut_short) return EXIT_CUT_SHORT;
    warn(report.warnings);
    const stream = isPiped ? process.stderr : process.stdout;
    if (flags.json) stream.write(`${printableJson(report)}\n`);
    else if (!flags.quiet && !isPiped) stream.write(reportText(printable(report), screenWidth()));
    return EXIT_DONE;
  });
}

/** Groups that are shown. */
const LISTED = 50;

export function reportText(report: TableReport, width: number): string {
  const { input, rows_read, rows_filtered, groups, total, files } = report;
  const filtered = rows_filtered > 0 ? ` = ${count(rows_filtered)} filtered + ${count(total.rows)} counted` : '';
  const more =
    groups.length > LISTED ? [`and ${count(groups.length - LISTED)} more groups; --json and -o have all`] : [];
  const written = files.map(({ file, rows, bytes: size }) => [file, `${count(rows)} rows`, bytes(size)]);
  const lines = [
    input,
    `rows ${count(rows_read)}${filtered}`,
    ...tableLines(columnsOf(report), bodyOf(report), width),
    ...more,
    ...alignColumns(written),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function columnsOf({ by }: TableReport): Column[] {
  const figures: [head: string, rank?: number][] = [['nulls', 3], ['min'], ['mean', 1], ['median', 2], ['max']];
  return [
    ...by.map((head) => ({ head, least: 8 })),
    { head: 'rows', isFigure: true },
    { head: 'column', least: 8 },
    ...figures.map(([head, rank]): Column => ({ head, isFigure: true, ...(rank && { rank }) })),
  ];
}

/** A line for each column of numbers of each group, the last for all rows together. */
function bodyOf({ by, groups, total }: TableReport): string[][] {
  const all = by.length === 0 ? [] : linesOf(['total', ...by.slice(1).map(() => '')], total);
  return [
    ...groups.slice(0, LISTED).flatMap((group) =>
      linesOf(
        by.map((name) => valueText(group.values[name])),
        group,
      ),
    ),
    ...all,
  ];
}

/** A null and an empty text are values as well. */
function valueText(value: unknown): string {
  return value === null ? '(null)' : value === '' ? '(empty)' : cellText(value);
}

function linesOf(names: readonly string[], { rows, ranges }: GroupReport): string[][] {
  const figures = Object.entries(ranges).map(([column, { nulls, min, mean, median, max }]) => [
    column,
    nulls > 0 ? count(nulls) : '',
    ...[min, mean, median, max].map(figureText),
  ]);
  const [first = [], ...others] = figures;
  return [[...names, count(rows), ...first], ...others.map((line) => [...names.map(() => ''), '', ...line])];
}
