/**
 * The only door to the addon: `native/binding.js`, which `napi build` writes. The addon is loaded at the first
 * call, so that types, options and `--help` work without it.
 */
import type * as Binding from '../native/binding';
import { NativeLoadError } from './errors';

export type { Cancellation, NativeApplyOptions, NativeMergeOptions, NativeTransform } from '../native/binding';

let loaded: typeof Binding | undefined;

/** @throws {NativeLoadError} */
export function native(): typeof Binding {
  loaded ??= load();
  return loaded;
}

function load(): typeof Binding {
  try {
    return require('../native/binding.js') as typeof Binding;
  } catch (cause) {
    throw loadError(cause);
  }
}

function loadError(cause: unknown): NativeLoadError {
  const platform = platformName();
  const packageName = `xform-native-${platform}`;
  const fault = brokenBinary(cause);
  const message = fault
    ? `the native addon of xform-native for ${platform} does not load in Node ${process.version}: ${fault}`
    : `xform-native has no native addon for ${platform} (Node ${process.version}): there is neither the package ` +
      `${packageName} nor a local build native/xform-native.${platform}.node. Install again with optional ` +
      `dependencies (npm install --include=optional), or build it from the sources: npm run build`;
  return new NativeLoadError(message, {
    code: 'XFORM_NATIVE_LOAD',
    details: { platform, package: packageName, node: process.version },
    cause,
  });
}

/** Platform, architecture and C library in the way that the packages are named. */
function platformName(): string {
  const { platform, arch } = process;
  if (platform === 'linux') return `linux-${arch}-${usesMusl() ? 'musl' : 'gnu'}`;
  return platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`;
}

function usesMusl(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime === undefined;
}

/** Why a binary that is there does not load (a C library that is too old, for example); undefined if none is there. */
function brokenBinary(error: unknown): string | undefined {
  // The loader throws a general error, whose causes are those of each place that it tried.
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause instanceof Error) {
    if (!cause.message.startsWith('Cannot find module')) return cause.message.split('\n', 1)[0];
    cause = cause.cause;
  }
  return undefined;
}
