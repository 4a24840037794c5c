/** Tables that fit the terminal: here it is decided which columns have room, and how much; cli-table3 draws them. */
import type TableClass from 'cli-table3';
import widthOf from 'string-width';
import { wrapped } from './lines';

/** A column of a table. */
export interface Column {
  head: string;
  /** The width below which it is not shortened; without one it is never shortened. */
  least?: number;
  /** Figures stand to the right, under a heading that may take several lines. */
  isFigure?: boolean;
  /** If the table does not fit, columns of the highest rank are left out first; those without one always stay. */
  rank?: number;
}

const GAP = '  ';
const ELLIPSIS = '…';

/** No lines between cells, only blanks. */
const bare = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right']
    .flatMap((part) => [part, `${part}-left`, `${part}-mid`, `${part}-right`])
    .map((part) => [part, '']),
);
const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true };

/** A table, as lines. */
export interface TableText {
  /** The lines of the headings. */
  head: string[];
  /** One line for each row. */
  body: string[];
  /** The headings of the columns for which there was no room. */
  leftOut: string[];
}

/**
 * The table, no line wider than `width` as far as its columns may be shortened or left out. Columns without any text are
 * not shown.
 */
export function fittedTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): TableText {
  const filled = columns.map((column, index) => measured(column, rows, index)).filter(({ isFilled }) => isFilled);
  const shown = withRoom(filled, width);
  const widths = shrunk(shown, width);
  // Loaded late: it takes 13 ms, and most commands draw no table.
  const Table = require('cli-table3') as typeof TableClass;
  const drawn = new Table({
    head: shown.map(({ column }, at) => headText(column, widths[at] ?? 0)),
    colWidths: widths,
    colAligns: shown.map(({ column }) => (column.isFigure ? 'right' : 'left')),
    truncate: ELLIPSIS,
    chars: { ...bare, middle: GAP },
    style,
  });
  drawn.push(...rows.map((row) => shown.map(({ index }) => row[index] ?? '')));
  const lines = drawn.toString().split('\n');
  const all = lines.map((line) => line.trimEnd());
  const leftOut = filled.filter((each) => !shown.includes(each)).map(({ column }) => column.head);
  const headLines = all.length - rows.length;
  return { head: all.slice(0, headLines), body: all.slice(headLines), leftOut };
}

/** The lines of [`fittedTable`], and one that names what is missing and says that `--json` has it. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const { head, body, leftOut } = fittedTable(columns, rows, width);
  return [...head, ...body, ...leftOutLines(leftOut, width)];
}

/** What a reader should know about columns that had no room. */
export function leftOutLines(leftOut: readonly string[], width: number): string[] {
  return leftOut.length === 0 ? [] : wrapped(`(no room for: ${leftOut.join(', ')}; --json has all)`, width);
}

interface Measured {
  column: Column;
  index: number;
  /** The width at which nothing is shortened. */
  natural: number;
  least: number;
  isFilled: boolean;
}

function measured(column: Column, rows: readonly (readonly string[])[], index: number): Measured {
  const widest = Math.max(0, ...rows.map((row) => widthOf(row[index] ?? '')));
  const words = column.isFigure ? column.head.split(' ') : [column.head];
  const natural = Math.max(widest, ...words.map((word) => widthOf(word)));
  return { column, index, natural, least: Math.min(natural, column.least ?? natural), isFilled: widest > 0 };
}

/** The columns that fit at their least widths. */
function withRoom(columns: readonly Measured[], width: number): Measured[] {
  const shown = [...columns];
  while (totalOf(shown.map(({ least }) => least)) > width) {
    const ranks = shown.map(({ column }) => column.rank ?? 0);
    const highest = Math.max(...ranks);
    if (highest === 0) break;
    shown.splice(ranks.lastIndexOf(highest), 1);
  }
  return shown;
}

/** The widths at which the columns fit: always the widest one that may be narrower gives way. */
function shrunk(columns: readonly Measured[], width: number): number[] {
  const widths = columns.map(({ natural }) => natural);
  while (totalOf(widths) > width) {
    const shrinkable = widths.map((each, at) => (each > (columns[at]?.least ?? 0) ? each : 0));
    const most = Math.max(...shrinkable);
    if (most === 0) break;
    widths[shrinkable.indexOf(most)] = most - 1;
  }
  return widths;
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, 0) + GAP.length * Math.max(0, widths.length - 1);
}

function headText({ head, isFigure }: Column, width: number): string {
  return isFigure ? wrapped(head, width).join('\n') : head;
}
