/**
 * Paths that are not UTF-8. A string of JavaScript cannot hold one, so that callers give such a path as bytes. Inside, it is
 * a string all the same, for messages between processes and for the addon: a NUL, which no path has, and each byte as the
 * character of that number. The core knows this form (`path_text.rs`).
 */
import { types } from 'node:util';

const MARK = '\0';

/** The path as it goes to the addon, a child process or the cluster's program. */
export function packPath(path: string | Uint8Array): string {
  if (typeof path === 'string') return path;
  const bytes = Buffer.from(path);
  const text = bytes.toString('utf8');
  return bytes.equals(Buffer.from(text, 'utf8')) ? text : MARK + bytes.toString('latin1');
}

/** A packed path as Node's file functions take it. */
export function pathForNode(packed: string): string | Buffer {
  return packed.startsWith(MARK) ? Buffer.from(packed.slice(MARK.length), 'latin1') : packed;
}

/** A path in a message; what is not UTF-8 is replaced by U+FFFD. */
export function shownPath(path: string | Uint8Array): string {
  const own = pathForNode(packPath(path));
  return typeof own === 'string' ? own : own.toString('utf8');
}

/** Whether `value` can be a path. */
export function isPath(value: unknown): value is string | Uint8Array {
  if (typeof value === 'string') return value !== '' && !value.includes(MARK);
  return types.isUint8Array(value) && value.length > 0 && !value.includes(0);
}
