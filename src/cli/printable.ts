/**
 * Text from outside in a form that is safe for a terminal. Names in a library, a transform file or a path are not ours:
 * an escape sequence in one could clear the screen, or hide or fake a line.
 */

/**
 * Characters that control a terminal instead of being shown: control characters, marks that change the direction of
 * text, line separators.
 */
const unprintable = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** A message of several lines, in which all other unprintable characters are escaped, for example as `\x1b`. */
export function printableText(text: string): string {
  return text.replace(unprintable, (character) => (character === '\n' ? character : writtenOut(character)));
}

/** Data in which all texts are printable, each on one line. */
export function printable<T>(data: T): T {
  if (typeof data === 'string') return data.replace(unprintable, writtenOut) as T;
  if (Array.isArray(data)) return data.map((item) => printable(item)) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, printable(value)])) as T;
}

/** JSON without unprintable characters: those that JSON permits are escaped in the same way as the others. */
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
