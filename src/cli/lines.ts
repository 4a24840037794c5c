/** Text in lines that fit the terminal. */
import widthOf from 'string-width';

const INDENT = '  ';
const ELLIPSIS = '…';
const segmenter = new Intl.Segmenter();

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

/** `text` in lines of at most `width` columns: the first after `label`, the others below its beginning. */
export function labelledLines(label: string, text: string, width: number): string[] {
  const indent = ' '.repeat(label.length);
  return wrapped(text, width - label.length).map((line, index) => (index === 0 ? label : indent) + line);
}

/** As [`wrapped`], with all lines but the first indented. */
export function hanging(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const [first = '', ...others] = wrapped(text, width - INDENT.length);
  return [first, ...others.map((line) => INDENT + line)];
}

/** `text`, cut with an ellipsis if it is wider than `width`. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let [cut, used] = ['', widthOf(ELLIPSIS)];
  for (const { segment } of segmenter.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    cut += segment;
  }
  return cut.trimEnd() + ELLIPSIS;
}
