// Checks which files of the kernel include which: the fast wing has a single interface, and base/ includes neither
// wing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { Failure, main } from './lib/run.mjs';

/** The parts of kernel/ that the files of each folder may include. */
const ALLOWED = {
  bridge: /^(?!fast\/)|^fast\/fast\.h$/,
  kernel: /^(?!fast\/)|^fast\/fast\.h$/,
  'kernel/depiction': /^(depiction|plain|base)\/|^fast\/fast\.h$/,
  'kernel/fingerprints': /^(fingerprints|plain|base)\//,
  'kernel/notations': /^(notations|plain|base)\/|^fast\/fast\.h$/,
  'kernel/properties': /^(properties|plain|base)\/|^fast\/fast\.h$/,
  'kernel/reading': /^(reading|base)\/|^fast\/fast\.h$/,
  'kernel/standardize': /^(standardize|base)\//,
  'kernel/review': /^(review|plain|base)\//,
  'kernel/plain': /^(plain|base|platform)\/|^fast\/fast\.h$/,
  'kernel/fast': /^(fast|base|platform)\//,
  'kernel/base': /^(base|platform)\//,
  'kernel/platform': /^platform\//,
};

function faultsIn(folder) {
  const path = join('crate', 'rdkit-sys', folder);
  const files = readdirSync(join(root, path)).filter((name) => /\.(h|cc)$/.test(name));
  return files.flatMap((name) => {
    const text = readFileSync(join(root, path, name), 'utf8');
    const included = [...text.matchAll(/^#include "(?:\.\.\/kernel\/)?([a-z_]+\/[a-z_]+\.h)"/gm)].map(
      ([, file]) => file,
    );
    const ofKernel = included.filter((file) => !file.startsWith('rust/'));
    return ofKernel.filter((file) => !ALLOWED[folder].test(file)).map((file) => `${path}/${name} includes ${file}`);
  });
}

await main(() => {
  const faults = Object.keys(ALLOWED).flatMap(faultsIn);
  if (faults.length > 0) throw new Failure(`doors: ${faults.join('\n       ')}`);
});
