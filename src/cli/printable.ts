/**
 * Text from outside as a terminal may have it. Names in a library, a transform file or a path are not ours: an escape
 * sequence in one could clear the screen, or hide or fake a line.
 */

/** What a terminal acts on and does not show: control characters, marks that turn the direction of text, line separators. */
const unprintable = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** A message of several lines, in which everything else that is unprintable is written out, such as `\x1b`. */
export function printableText(text: string): string {
  return text.replace(unprintable, (character) => (character === '\n' ? character : writtenOut(character)));
}

/** Data with all its texts printable, each on one line. */
export function printable<T>(data: T): T {
  if (typeof data === 'string') return data.replace(unprintable, writtenOut) as T;
  if (Array.isArray(data)) return data.map((item) => printable(item)) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, printable(value)])) as T;
}

/** JSON without unprintable characters: those that JSON lets stand are escaped as it escapes the others. */
export function printableJson(data: unknown): string {
  return JSON.stringify(data).replace(unprintable, (character) => `\\u${hex(character, 4)}`);
}

function writtenOut(character: string): string {
  const known = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return known ?? (character > '\xff' ? `\\u${hex(character, 4)}` : `\\x${hex(character, 2)}`);
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
