/** Inputs that can be read only once: standard input, pipes, terminals. */
import { type Stats, statSync } from 'node:fs';
import type { ApplyOptions } from '../../index';
import { pathForNode, shownPath } from '../paths';

/** Where a process finds its descriptors; a child has others. */
const descriptors = /^(-$|\/dev\/(stdin$|fd\/)|\/proc\/(thread-)?self\/)/;

/** Whether a run cannot be isolated because a crash would lose rows; the core refuses what this overlooks. */
export function hasStream(input: ApplyOptions['input'] | undefined): boolean {
  return [input ?? []].flat().some((path) => descriptors.test(shownPath(path)) || isPipe(path));
}

function isPipe(path: string | Uint8Array): boolean {
  let found: Stats;
  try {
    found = statSync(typeof path === 'string' ? pathForNode(path) : Buffer.from(path));
  } catch {
    return false;
  }
  return found.isFIFO() || found.isCharacterDevice() || found.isSocket();
}
