// Files and folders get the permissions that the caller's umask leaves.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { finalFiles, jobArguments, main, run, temporaryFolder } from '../util';

for (const [umask, file, folder] of [
  ['002', 0o664, 0o775],
  ['022', 0o644, 0o755],
  ['077', 0o600, 0o700],
] as const) {
  test(`with umask ${umask}`, async (t) => {
    const outer = temporaryFolder(t);
    const args = jobArguments(outer, '-o', join(outer, 'new', 'out'));
    const ended = await run('sh', ['-c', `umask ${umask} && exec "$0" "$@"`, process.execPath, main, ...args]);
    t.is(ended.status, 0, ended.stderr);
    const out = join(outer, 'new', 'out');
    t.is(finalFiles(out).length, 3);
    for (const name of readdirSync(out)) t.is(permissions(join(out, name)), file, name);
    for (const path of [out, join(outer, 'new')]) t.is(permissions(path), folder, path);
  });
}

function permissions(path: string): number {
  return statSync(path).mode & 0o777;
}
