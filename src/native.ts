/**
 * The only access to the addon: `native/binding.js`, which `napi build` writes. The addon is loaded at the first call,
 * so that types, options and `--help` work without it.
 */
import { types } from 'node:util';
import type * as Binding from '../native/binding';
import { bundleAdvice, isBundled } from './bundle';
import { NativeLoadError } from './errors';
import { version } from './version';

export type { Cancellation, NativeTransform } from '../native/binding';

const PACKAGE_PREFIX = 'xform-native-';

let loaded: typeof Binding | undefined;

/** @throws {NativeLoadError} */
export function native(): typeof Binding {
  if (!loaded) {
    loaded = load();
    // Done late, when all of RDKit's statics exist. Tests load this file more than once in a process.
    if (!process.listeners('exit').includes(loaded.beforeExit)) process.on('exit', loaded.beforeExit);
  }
  return loaded;
}

function load(): typeof Binding {
  let binding: typeof Binding;
  try {
    binding = require('../native/binding.js') as typeof Binding;
  } catch (cause) {
    throw loadError(cause);
  }
  const found = versionOf(binding);
  if (found === version) return binding;
  throw failure(
    `the native addon is of version ${found}, but xform-native is of version ${version}; install both again, or unset ` +
      'NAPI_RS_NATIVE_LIBRARY_PATH if it is set',
  );
}

function versionOf(binding: Partial<typeof Binding>): string {
  return typeof binding.version === 'function' ? binding.version() : 'unknown';
}

function loadError(cause: unknown): NativeLoadError {
  const platform = platformName();
  const fault = brokenBinary(cause);
  return failure(
    fault
      ? `the native addon of xform-native for ${platform} does not load in Node ${process.version}: ${fault}`
      : `xform-native has no native addon for ${platform} (Node ${process.version}): ${advice(platform)}`,
    cause,
  );
}

/** An error with `message`, unless a bundler is the cause. */
function failure(message: string, cause?: unknown): NativeLoadError {
  const platform = platformName();
  return new NativeLoadError(isBundled() ? bundleAdvice('native addon') : message, {
    code: 'XFORM_NATIVE_LOAD',
    details: { platform, package: PACKAGE_PREFIX + platform, node: process.version },
    cause,
  });
}

/** Where to get an addon: as a package, one per platform, or in a checkout from the sources. */
function advice(platform: string): string {
  const packageName = PACKAGE_PREFIX + platform;
  const { optionalDependencies: packages } = require('../package.json') as {
    optionalDependencies?: Record<string, string>;
  };
  if (!packages) return `no local build native/xform-native.${platform}.node; run npm run build`;
  if (Object.hasOwn(packages, packageName)) {
    return `the package ${packageName} is missing; install again with optional dependencies (npm install --include=optional)`;
  }
  const platforms = Object.keys(packages).map((name) => name.replace(PACKAGE_PREFIX, ''));
  return `it runs on ${platforms.join(', ')}`;
}

/** Platform, architecture and C library, in the form of the packages' names. */
function platformName(): string {
  const { platform, arch } = process;
  return platform === 'linux' ? `linux-${arch}-${glibcVersion() ? 'gnu' : 'musl'}` : `${platform}-${arch}`;
}

/** The version of glibc; undefined with a different C library. */
function glibcVersion(): string | undefined {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime;
}

/** Why an existing binary does not load; undefined if there is none. */
function brokenBinary(error: unknown): string | undefined {
  // The loader throws a general error, whose causes are the errors of each place that it tried.
  let cause = types.isNativeError(error) ? error.cause : undefined;
  while (types.isNativeError(cause)) {
    if (!/^(Cannot find module|Unsupported (OS|architecture))/.test(cause.message)) return faultText(cause.message);
    cause = cause.cause;
  }
  return undefined;
}

function faultText(message: string): string {
  const [line = ''] = message.split('\n', 1);
  return line.includes('GLIBC_') ? `glibc ${glibcVersion()} is too old for it (${line})` : line;
}
