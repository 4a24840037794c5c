/** Tables that fit the terminal. */

/** A column: its heading, and the width below which it is not shortened (none: it is never shortened). */
export interface Column {
  head: string;
  least?: number;
}

const GAP = '  ';
const ELLIPSIS = '…';

const segmenter = new Intl.Segmenter();
/** Characters that take two columns of a terminal: East Asian wide forms and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

function characters(text: string): string[] {
  return /^[\x20-\x7e]*$/.test(text) ? [...text] : Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function widthOfCharacter(character: string): number {
  return wide.test(character) ? 2 : 1;
}

/** The columns of a terminal that a printable text takes. */
export function widthOf(text: string): number {
  return characters(text).reduce((width, character) => width + widthOfCharacter(character), 0);
}

/** `text`, cut with an ellipsis if it is wider than `width`. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let [cut, used] = ['', widthOf(ELLIPSIS)];
  for (const character of characters(text)) {
    used += widthOfCharacter(character);
    if (used > width) break;
    cut += character;
  }
  return cut.trimEnd() + ELLIPSIS;
}

/**
 * The lines of a table, the headings first, none wider than `width` as far as its columns may be shortened: always the
 * widest one. Columns without any text are left out.
 */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const used = columns.map((_, index) => index).filter((index) => rows.some((row) => row[index] !== ''));
  const cells = [columns.map(({ head }) => head), ...rows].map((row) => used.map((index) => row[index] ?? ''));
  const widths = used.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ''))));
  const leasts = used.map((index) => columns[index]?.least ?? Number.POSITIVE_INFINITY);
  shrink(widths, leasts, width);
  return cells.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** Narrows `widths` until they fit, one character at a time. */
function shrink(widths: number[], leasts: readonly number[], width: number): void {
  const total = () => widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1);
  while (total() > width) {
    const shrinkable = widths.map((each, column) => (each > (leasts[column] ?? 0) ? each : 0));
    const most = Math.max(...shrinkable);
    if (most === 0) return;
    widths[shrinkable.indexOf(most)] = most - 1;
  }
}

function padded(text: string, width: number): string {
  const cut = shortened(text, width);
  return cut + ' '.repeat(Math.max(0, width - widthOf(cut)));
}

/** `text` in lines of at most `width` columns, cut at blanks; a longer word has its own line. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || widthOf(`${last} ${word}`) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
