/**
 * The only door to the addon: `native/binding.js`, which `napi build` writes. The addon is loaded at the first
 * call, so that types, options and `--help` work without it.
 */
import type * as Binding from '../native/binding';
import { NativeLoadError } from './errors';

export type { Cancellation, NativeApplyOptions, NativeMergeOptions, NativeTransform } from '../native/binding';

const PACKAGE_PREFIX = 'xform-native-';

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
  const packageName = PACKAGE_PREFIX + platform;
  const fault = brokenBinary(cause);
  const message = fault
    ? `the native addon of xform-native for ${platform} does not load in Node ${process.version}: ${fault}`
    : `xform-native has no native addon for ${platform} (Node ${process.version}): ${advice(platform, packageName)}`;
  return new NativeLoadError(message, {
    code: 'XFORM_NATIVE_LOAD',
    details: { platform, package: packageName, node: process.version },
    cause,
  });
}

/** Where an addon can come from: as a package, one for each platform there is, or in a checkout from the sources. */
function advice(platform: string, packageName: string): string {
  const { optionalDependencies: packages } = require('../package.json') as {
    optionalDependencies?: Record<string, string>;
  };
  if (!packages) return `there is no local build native/xform-native.${platform}.node; npm run build makes it`;
  if (Object.hasOwn(packages, packageName)) {
    return `the package ${packageName} is missing; install again with optional dependencies (npm install --include=optional)`;
  }
  const platforms = Object.keys(packages).map((name) => name.replace(PACKAGE_PREFIX, ''));
  return `it runs on ${platforms.join(', ')}`;
}

/** Platform, architecture and C library in the way that the packages are named. */
function platformName(): string {
  const { platform, arch } = process;
  return platform === 'linux' ? `linux-${arch}-${glibcVersion() ? 'gnu' : 'musl'}` : `${platform}-${arch}`;
}

/** The version of glibc here; undefined with another C library. */
function glibcVersion(): string | undefined {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime;
}

/** Why a binary that is there does not load; undefined if none is there. */
function brokenBinary(error: unknown): string | undefined {
  // The loader throws a general error, whose causes are those of each place that it tried.
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause instanceof Error) {
    if (!/^(Cannot find module|Unsupported (OS|architecture))/.test(cause.message)) return faultText(cause.message);
    cause = cause.cause;
  }
  return undefined;
}

function faultText(message: string): string {
  const [line = ''] = message.split('\n', 1);
  return line.includes('GLIBC_') ? `glibc ${glibcVersion()} is too old for it (${line})` : line;
}
