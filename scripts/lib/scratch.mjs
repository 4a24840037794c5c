// Temporary folders.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Calls `body(folder)` with a new folder in `parent`; afterwards the folder is always removed with its content. */
export async function withScratch(name, body, parent = tmpdir()) {
  const folder = mkdtempSync(join(parent, `xform-${name}-`));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
