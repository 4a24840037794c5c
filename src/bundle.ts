/** Whether a bundler has put this code into a different file, and which files are then missing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildCommand } from './conversation';
import { NativeLoadError } from './errors';

/** The script that an isolated child runs. */
const SCRIPT = join(__dirname, 'isolation', 'main.js');

/**
 * The command of an isolated child.
 *
 * @throws {NativeLoadError} in a bundle, which does not have its script.
 */
export function isolatedCommand(): ChildCommand {
  if (isBundled()) throw new NativeLoadError(bundleAdvice('script isolation/main.js'), { code: 'XFORM_NATIVE_LOAD' });
  return [process.execPath, SCRIPT];
}

/** A bundle contains this code but not the files next to it. */
export function isBundled(): boolean {
  return !existsSync(SCRIPT);
}

export function bundleAdvice(missing: string): string {
  return (
    `the ${missing} of xform-native is not in this bundle, which cannot hold it; leave the package out of the bundle ` +
    '(esbuild: --external:xform-native) and install it where the bundle runs'
  );
}
