/** Messages on stderr. */
import { hanging } from './lines';
import { printableText } from './printable';
import { messageWidth } from './terminal';

/** A message, printable, in lines that fit the terminal. */
export function messageText(message: string): string {
  const lines = printableText(message).split('\n');
  return lines
    .flatMap((line) => hanging(line, messageWidth(process.stderr)))
    .map((line) => `${line}\n`)
    .join('');
}
