// mimalloc as a library to preload, built from the same sources as the addon's.
import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { capture, Failure } from '../../scripts/lib/run.mjs';
import { benchCache } from './environments.mjs';

/** The environment that replaces glibc's malloc with mimalloc. */
export function preloadMimalloc() {
  return { LD_PRELOAD: sharedMimalloc() };
}

/** The version of mimalloc's crate, for reports. */
export function mimallocVersion() {
  return crate().version;
}

function sharedMimalloc() {
  const { version, manifest_path: manifest } = crate();
  const library = join(benchCache('mimalloc'), `libmimalloc-v2-${version}.so`);
  if (existsSync(library)) return library;
  // The sources that the crate compiles with its feature v2.
  const source = join(dirname(manifest), 'c_src', 'mimalloc', 'v2');
  const flags = ['-O3', '-DNDEBUG', '-DMI_MALLOC_OVERRIDE', '-DMI_SHARED_LIB', '-shared', '-fPIC', '-pthread'];
  const files = ['-I', join(source, 'include'), join(source, 'src', 'static.c'), '-o', `${library}.new`];
  if (capture('cc', [...flags, '-ftls-model=initial-exec', ...files]) === null)
    throw new Failure(`mimalloc cannot be compiled from ${source}.`);
  renameSync(`${library}.new`, library);
  return library;
}

function crate() {
  const text = capture('cargo', ['metadata', '--format-version', '1'], { cwd: root });
  const found = text && JSON.parse(text).packages.find(({ name }) => name === 'libmimalloc-sys');
  if (!found) throw new Failure('cargo does not name the sources of libmimalloc-sys.');
  return found;
}
