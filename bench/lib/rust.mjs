// Compiles the Rust programs of bench/programs, each a separate workspace, with crates from crates.io.
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { capture, Failure } from '../../scripts/lib/run.mjs';
import { benchCache } from './environments.mjs';

/** The path of a program; cargo decides whether it has to be compiled. */
export function rustProgram(name) {
  const manifest = join(root, 'bench', 'programs', name, 'Cargo.toml');
  const target = benchCache('rust');
  const flags = ['build', '--release', '--locked', '--quiet', '--manifest-path', manifest, '--target-dir', target];
  if (capture('cargo', flags, { cwd: target, stdio: ['ignore', 'pipe', 'inherit'] }) === null)
    throw new Failure(`cargo cannot build bench/programs/${name}.`);
  return join(target, 'release', `bench-${name}`);
}
