/**
 * Paths that are not UTF-8. A JavaScript string cannot hold one, so callers give such a path as bytes. Inside, it is
 * still a string, for messages between processes and for the addon: a NUL, which no path contains, and each byte as the
 * character with that number. The core knows this form (`path_text.rs`).
 */
import { types } from 'node:util';

const MARK = '\0';

/** The path as it is passed to the addon, a child process or the cluster's program. */
export function packPath(path: string | Uint8Array): string {
  if (typeof path === 'string') return path;
  const bytes = Buffer.from(path);
  const text = bytes.toString('utf8');
  return bytes.equals(Buffer.from(text, 'utf8')) ? text : MARK + bytes.toString('latin1');
}

/** A packed path as Node's file functions accept it. */
export function pathForNode(packed: string): string | Buffer {
  return packed.startsWith(MARK) ? Buffer.from(packed.slice(MARK.length), 'latin1') : packed;
}

/** A path for a message; bytes that are not UTF-8 are replaced by U+FFFD. */
export function shownPath(path: string | Uint8Array): string {
  const own = pathForNode(packPath(path));
  return typeof own === 'string' ? own : own.toString('utf8');
}

/** Whether `value` can be a path. */
export function isPath(value: unknown): value is string | Uint8Array {
  if (typeof value === 'string') return value !== '' && !value.includes(MARK);
  return types.isUint8Array(value) && value.length > 0 && !value.includes(0);
}
