/** Writes small files as a whole: a file appears under its name when it is complete. */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import type { Path } from '../index';
import { invalidOption, isSystemError, OutputError } from './errors';
import { packPath, pathForNode, shownPath } from './paths';

/** What is at a path already; undefined if there is nothing. */
function found(path: Path): Stats | undefined {
  try {
    return lstatSync(pathForNode(packPath(path)), { throwIfNoEntry: false });
  } catch (error) {
    throw writeError(shownPath(path), error);
  }
}

/**
 * Refuses a name that is taken.
 *
 * @throws {OutputError} there is a file, and it is not to be replaced; nothing can be written there.
 * @throws {OptionError} there is a folder.
 */
export function refuseTaken(path: Path, force: boolean, otherName: string): void {
  const there = found(path);
  if (there?.isDirectory()) throw invalidOption('output', 'is a folder; name a file');
  if (there === undefined || force) return;
  const shown = shownPath(path);
  throw new OutputError(`${shown} already exists; use --force to replace it, or name another ${otherName}`, {
    code: 'XFORM_FILE_EXISTS',
    details: { path: shown },
  });
}

/**
 * Writes `text` to `path`, whose folder is made if it is missing. Returns the size in bytes.
 *
 * @throws {OutputError} it cannot be written.
 */
export function writeWhole(path: Path, text: string): number {
  const { folder, target, temporary } = places(path);
  try {
    if (folder.length > 0) mkdirSync(folder, { recursive: true });
    rmSync(temporary, { force: true });
    const bytes = Buffer.from(text);
    try {
      writeSynced(temporary, bytes);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    return bytes.length;
  } catch (error) {
    throw writeError(shownPath(path), error);
  }
}

/** The folder of a path, the path itself, and a hidden name beside it, as bytes. */
function places(path: Path): Record<'folder' | 'target' | 'temporary', Buffer> {
  const text = Buffer.from(pathForNode(packPath(path))).toString('latin1');
  const start = text.lastIndexOf('/') + 1;
  const bytes = (name: string) => Buffer.from(name, 'latin1');
  const [folder, name] = [text.slice(0, start), text.slice(start)];
  return { folder: bytes(folder), target: bytes(text), temporary: bytes(`${folder}.${name}.tmp`) };
}

function writeSynced(file: Buffer, bytes: Buffer): void {
  const descriptor = openSync(file, 'wx');
  try {
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The error of the core for the same failure. */
function writeError(path: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const action = 'write';
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    const message = `cannot ${action} ${path}: no space left; free some space and rerun the command`;
    return new OutputError(message, { code: 'XFORM_OUTPUT_FULL', details: { path, action } });
  }
  const details = { path, action, reason: error.message };
  return new OutputError(`cannot ${action} ${path}: ${error.message}`, { code: 'XFORM_OUTPUT_FAILED', details });
}
