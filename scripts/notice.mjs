// Writes NOTICE: the libraries linked into the addon, with their licences. The one for @xform-native/cluster is made
// when that package is packed.
//
//     node scripts/notice.mjs           writes NOTICE
//     node scripts/notice.mjs --check   fails if NOTICE is not what it would write
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notice } from './lib/notice.mjs';
import { root } from './lib/paths.mjs';
import { Failure, main } from './lib/run.mjs';

await main(() => {
  const file = join(root, 'NOTICE');
  const text = notice('xform-node');
  if (!process.argv.includes('--check')) return writeFileSync(file, text);
  if (readFileSync(file, 'utf8') !== text) throw new Failure('NOTICE is out of date; run: node scripts/notice.mjs');
});
