/** Whether a bundler has put this code into a different file, and which files are then missing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NativeLoadError } from './errors';

/** A script that a child process runs, from this folder. */
export type Script = 'isolation/main.js' | 'isolation/molecules-main.js';

/**
 * The path of `script`.
 *
 * @throws {NativeLoadError} in a bundle, which does not have it.
 */
export function pathOf(script: Script): string {
  if (isBundled()) throw new NativeLoadError(bundleAdvice(`script ${script}`), { code: 'XFORM_NATIVE_LOAD' });
  return join(__dirname, script);
}

/** A bundle contains this code but not the files next to it. */
export function isBundled(): boolean {
  return !existsSync(join(__dirname, 'isolation', 'molecules-main.js'));
}

export function bundleAdvice(missing: string): string {
  return (
    `the ${missing} of xform-native is not in this bundle, which cannot hold it; leave the package out of the bundle ` +
    '(esbuild: --external:xform-native) and install it where the bundle runs'
  );
}
