/**
 * Options: the defaults, and the check of their types. Whether a value of the right type can be used is decided by
 * the core, which words it for the command line and the API alike.
 */
import type * as declared from '../index';
import type {
  ApplyControl,
  ApplyOptions,
  CheckDetail,
  ClusterApplyOptions,
  MergeOptions,
  TransformOptions,
  TransformSpec,
} from '../index';
import { invalidOption } from './errors';
import type { NativeApplyOptions, NativeLimits, NativeMergeOptions, NativeTransform } from './native';
import { isPath, packPath } from './paths';

/** `workers` and `maxInFlight` are left out here: the core takes them from the machine. */
export const defaultApplyOptions: typeof declared.defaultApplyOptions = Object.freeze({
  keepColumns: Object.freeze([] as string[]),
  skipRows: Object.freeze([] as number[]),
  dedup: 'exact' as const,
  bloomExpectedItems: 100_000_000,
  bloomFpRate: 0.001,
  maxAtoms: 2_000,
  molTimeout: 60,
  isolate: false,
  batchSize: 50_000,
  flushInterval: 10_000,
  targetMemory: 70,
  force: false,
  resume: false,
});

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a non-empty string');
const path: Check = (value) => (isPath(value) ? undefined : 'must be a path: a non-empty string, or bytes');
const paths: Check = (value) => (Array.isArray(value) && value.every(isPath) ? undefined : 'must be a list of paths');
const texts: Check = (value) =>
  Array.isArray(value) && value.every((item) => text(item) === undefined) ? undefined : 'must be a list of strings';
const textOrTexts: Check = (value) =>
  text(value) && texts(value) ? 'must be a non-empty string or a list of them' : undefined;
const wholeNumber: Check = (value) => (Number.isSafeInteger(value) ? undefined : 'must be a whole number');
const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'must be a whole number, 0 or more';
const seconds: Check = (value) =>
  Number.isFinite(value) && (value as number) >= 0 ? undefined : 'must be a number of seconds, 0 or more';
const finiteNumber: Check = (value) => (Number.isFinite(value) ? undefined : 'must be a number');
const truth: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const numberOrText: Check = (value) =>
  finiteNumber(value) && text(value) ? 'must be a number (per cent) or a text such as "2GiB"' : undefined;
const rowNumbers: Check = (value) =>
  Array.isArray(value) && value.every((row) => count(row) === undefined)
    ? undefined
    : 'must be a list of row numbers; the first row is 0';
const columns: Check = (value) => (value === 'all' ? undefined : texts(value) && 'must be "all" or a list of strings');

const checks: Record<keyof ApplyOptions, Check> = {
  input: path,
  outdir: path,
  xfConfig: path,
  xfName: textOrTexts,
  delimiter: text,
  header: truth,
  smilesColumn: text,
  idColumn: text,
  keepColumns: columns,
  maxAtoms: count,
  maxProductsPerMol: count,
  molTimeout: seconds,
  isolate: truth,
  maxRejects: count,
  skipRows: rowNumbers,
  maxSites: wholeNumber,
  excludeSugarLike: truth,
  shard: text,
  dedup: text,
  bloomExpectedItems: count,
  bloomFpRate: finiteNumber,
  batchSize: count,
  workers: count,
  maxInFlight: count,
  flushInterval: count,
  targetMemory: numberOrText,
  scratch: path,
  force: truth,
  resume: truth,
};

const required = ['input', 'outdir', 'xfConfig', 'xfName'] as const;

/** The name of an option on the command line. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Checks the types and fills in the defaults.
 *
 * @throws {OptionError} naming the option.
 */
export function toNativeOptions(given: ApplyOptions): NativeApplyOptions {
  const options = checkTypes(given, checks, required);
  checkTimeLimit(options);
  const all = { ...defaultApplyOptions, ...definedOnly(options) };
  const { input, outdir, xfConfig, scratch, keepColumns, skipRows, targetMemory, xfName, molTimeout: _, ...rest } = all;
  return {
    ...rest,
    input: packPath(input),
    outdir: packPath(outdir),
    xfConfig: packPath(xfConfig),
    ...(scratch !== undefined && { scratch: packPath(scratch) }),
    skipRows: [...skipRows],
    xfNames: typeof xfName === 'string' ? [xfName] : [...xfName],
    keepAllColumns: keepColumns === 'all',
    keepColumns: keepColumns === 'all' ? [] : [...keepColumns],
    targetMemory: String(targetMemory),
  };
}

function checkTimeLimit({ molTimeout, isolate }: Pick<ApplyOptions, 'molTimeout' | 'isolate'>): void {
  if (molTimeout && !isolate) {
    throw invalidOption('--mol-timeout', 'needs --isolate: a call into RDKit ends only with its process');
  }
}

const callback: Check = (value) => (typeof value === 'function' ? undefined : 'must be a function');
// Of any realm, or another implementation.
const abortSignal: Check = (value) =>
  typeof (value as AbortSignal | null)?.addEventListener === 'function' ? undefined : 'must be an AbortSignal';

const controlChecks: Record<keyof ApplyControl, Check> = {
  signal: abortSignal,
  onStart: callback,
  onProgress: callback,
};

/** @throws {OptionError} naming what is wrong with the second argument of `apply` or `merge`. */
export function checkControl(control: ApplyControl): void {
  checkObject('control', control);
  for (const [key, check] of Object.entries(controlChecks)) {
    checkOne(key, control[key as keyof ApplyControl], check, false);
  }
}

/** @throws {OptionError} naming what is wrong with the second argument of `check`. */
export function checkDetail(detail: CheckDetail): void {
  checkTypes(detail, { explain: truth } satisfies Record<keyof CheckDetail, Check>, []);
}

/** The options of a run on a cluster as its program takes them. */
export interface NativeClusterApplyOptions
  extends Omit<
    NativeApplyOptions,
    | 'batchSize'
    | 'bloomExpectedItems'
    | 'bloomFpRate'
    | 'isolate'
    | 'maxInFlight'
    | 'resume'
    | 'shard'
    | 'skipRows'
    | 'workers'
  > {
  scheduler: string;
  partitions: number;
  sort: boolean;
}

export const defaultClusterOptions = Object.freeze({ scheduler: '127.0.0.1:50050', partitions: 64, sort: false });

const clusterChecks: Record<keyof typeof defaultClusterOptions, Check> = {
  scheduler: text,
  partitions: count,
  sort: truth,
};

/**
 * Checks the types and fills in the defaults.
 *
 * @throws {OptionError} naming the option, also for one that only a run in this process has.
 */
export function toNativeClusterOptions(options: ClusterApplyOptions): NativeClusterApplyOptions {
  checkObject('options', options);
  const { scheduler, partitions, sort, ...job } = { ...defaultClusterOptions, ...definedOnly(options) };
  const foreign = hereOnly.find((option) => Object.hasOwn(job, option));
  if (foreign) throw invalidOption(flagOf(foreign), 'is no option of a run on a cluster');
  for (const [key, check] of Object.entries(clusterChecks)) {
    checkOne(flagOf(key), { scheduler, partitions, sort }[key as keyof typeof defaultClusterOptions], check, true);
  }
  const {
    batchSize: _b,
    bloomExpectedItems: _e,
    bloomFpRate: _r,
    isolate: _i,
    resume: _s,
    skipRows: _k,
    ...shared
  } = toNativeOptions(job);
  return { ...shared, scheduler, partitions, sort };
}

const hereOnly = [
  'batchSize',
  'bloomExpectedItems',
  'bloomFpRate',
  'isolate',
  'maxInFlight',
  'molTimeout',
  'resume',
  'shard',
  'skipRows',
  'workers',
] as const satisfies readonly (keyof ApplyOptions)[];

/** CPU time that a molecule may take in an isolated run; 0 for no limit. */
export function molTimeoutSeconds({ molTimeout = defaultApplyOptions.molTimeout }: ApplyOptions): number {
  return molTimeout;
}

const mergeChecks: Record<keyof MergeOptions, Check> = {
  shards: paths,
  outdir: path,
  scratch: path,
  targetMemory: numberOrText,
  force: truth,
};

/**
 * The same for a merge.
 *
 * @throws {OptionError} naming the option.
 */
export function toNativeMergeOptions(given: MergeOptions): NativeMergeOptions {
  const options = checkTypes(given, mergeChecks, ['shards', 'outdir']);
  const { force, targetMemory } = defaultApplyOptions;
  const { shards, outdir, scratch, ...all } = { force, targetMemory, ...definedOnly(options) };
  return {
    ...all,
    shards: shards.map(packPath),
    outdir: packPath(outdir),
    ...(scratch !== undefined && { scratch: packPath(scratch) }),
    targetMemory: String(all.targetMemory),
  };
}

const transformChecks: Record<keyof TransformSpec, Check> = {
  name: text,
  smirks: text,
  query_smarts: (value) => (value === null ? undefined : text(value)),
  max_sites_per_mol: (value) => (value === null ? undefined : wholeNumber(value)),
  exclude_sugar_like: truth,
};

/** The part of a transform that the engine acts on. */
export function toNativeTransform(given: TransformSpec): NativeTransform {
  checkObject('transform', given);
  const transform = { ...given };
  // A transform from a file has more keys (label, family, ...), which have no effect on a molecule.
  for (const [key, check] of Object.entries(transformChecks)) {
    checkOne(`transform.${key}`, transform[key as keyof TransformSpec], check, key === 'smirks');
  }
  return {
    name: transform.name ?? 'transform',
    smirks: transform.smirks,
    ...(transform.query_smarts != null && { querySmarts: transform.query_smarts }),
    ...(transform.max_sites_per_mol != null && { maxSitesPerMol: transform.max_sites_per_mol }),
    excludeSugarLike: transform.exclude_sugar_like ?? false,
  };
}

const { maxAtoms, maxProductsPerMol, maxSites, isolate, molTimeout } = checks;
const limitChecks: Record<Exclude<keyof TransformOptions, 'signal'>, Check> = {
  maxAtoms,
  maxProductsPerMol,
  maxSites,
  isolate,
  molTimeout,
};

/** The options of a call of `transformSmiles`, checked. */
export interface CallOptions {
  signal: AbortSignal | undefined;
  limits: NativeLimits;
  /** CPU time that a molecule may take in a child process, 0 for no limit; undefined without a child process. */
  molTimeoutSeconds: number | undefined;
}

/**
 * Checks the types and fills in the defaults.
 *
 * @throws {OptionError} naming the option.
 */
export function toCallOptions(given: TransformOptions): CallOptions {
  checkObject('options', given);
  const { signal, ...others } = given;
  checkOne('signal', signal, abortSignal, false);
  const options = checkTypes(others, limitChecks, []);
  checkTimeLimit(options);
  const { isolate, molTimeout, ...limits } = definedOnly(options);
  return {
    signal,
    limits: { maxAtoms: defaultApplyOptions.maxAtoms, ...limits },
    molTimeoutSeconds: isolate ? (molTimeout ?? defaultApplyOptions.molTimeout) : undefined,
  };
}

/** @throws {OptionError} unless `value` can be a path. */
export function checkPath(name: string, value: unknown): void {
  checkOne(name, value, path, true);
}

/** @throws {OptionError} unless `smiles` is a string or a list of strings. */
export function checkSmiles(smiles: unknown): void {
  if (typeof smiles === 'string') return;
  if (!Array.isArray(smiles) || !smiles.every((item) => typeof item === 'string')) {
    throw invalidOption('smiles', 'must be a string or a list of strings');
  }
}

/** A copy of `given` with values of the right types: what is checked is what is used, whatever a getter gives next. */
function checkTypes<T extends object>(given: T, known: Record<string, Check>, needed: readonly string[]): T {
  checkObject('options', given);
  const options = { ...given };
  for (const key of Object.keys(options)) {
    if (!Object.hasOwn(known, key)) {
      throw invalidOption(key, `is no option; there are ${Object.keys(known).join(', ')}`);
    }
  }
  for (const [key, check] of Object.entries(known)) {
    checkOne(flagOf(key), (options as Record<string, unknown>)[key], check, needed.includes(key));
  }
  return options;
}

function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw invalidOption(name, 'must be an object');
}

function checkOne(name: string, value: unknown, check: Check, isNeeded: boolean): void {
  if (value === undefined && !isNeeded) return;
  const fault = value === undefined ? 'is required' : check(value);
  if (fault) throw invalidOption(name, fault);
}

function definedOnly<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
