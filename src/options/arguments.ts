/** The arguments of the API's functions: checks their types and converts them for the core. */
import type * as declared from '../../index';
import type {
  ApplyControl,
  ApplyOptions,
  CheckDetail,
  ClusterApplyOptions,
  ReportControl,
  TransformOptions,
  TransformSpec,
  TryControl,
} from '../../index';
import { invalidOption } from '../errors';
import type { NativeTransform } from '../native';
import {
  type Check,
  checkObject,
  checkOne,
  checkOptions,
  count,
  forCore,
  path,
  text,
  textOrTexts,
  truth,
  wholeNumber,
} from './checks';
import { type Command, defaultsOf } from './table';

/** `workers` and `maxInFlight` are left out here: the core takes them from the machine. */
export const defaultApplyOptions = Object.freeze(defaultsOf('apply')) as typeof declared.defaultApplyOptions;

/** Checked options of a run, with packed paths, as the core receives them in JSON. */
export interface RunOptions
  extends Omit<ApplyOptions, 'input' | 'outdir' | 'xfConfig' | 'scratch' | 'molTimeout' | 'format' | 'report'> {
  input: string | string[];
  outdir: string;
  xfConfig?: string | string[];
  scratch?: string;
}

/**
 * The options of a run that the core acts on.
 *
 * @throws {OptionError} naming the option.
 */
export function toRunOptions(given: ApplyOptions): RunOptions {
  const options = checkOptions('apply', given);
  checkTimeLimit(options);
  return forCore('apply', options) as unknown as RunOptions;
}

/**
 * The options of a run on a cluster, as its program accepts them.
 *
 * @throws {OptionError} naming the option, also for one that only a run in this process has.
 */
export function toClusterOptions(given: ClusterApplyOptions): RunOptions {
  return forCore('clusterApply', checkOptions('clusterApply', given)) as unknown as RunOptions;
}

/**
 * The options of `command` as JSON for the core.
 *
 * @throws {OptionError} naming the option.
 */
export function toJson(command: Command, given: object): string {
  return JSON.stringify(forCore(command, checkOptions(command, given)));
}

function checkTimeLimit({ molTimeout, isolate }: Pick<ApplyOptions, 'molTimeout' | 'isolate'>): void {
  if (molTimeout && !isolate) {
    throw invalidOption('molTimeout', 'needs `isolate`: a call into RDKit ends only with its process');
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

/** How a call with progress is followed and stopped. */
export interface ProgressControl<Progress> {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** @throws {OptionError} naming what is wrong with the last argument of `checkRules`, `exportTable` and their like. */
export function checkProgressControl<Progress>(control: ProgressControl<Progress>): ProgressControl<Progress> {
  checkObject('control', control);
  checkOne('signal', control.signal, abortSignal, false);
  checkOne('onProgress', control.onProgress, callback, false);
  return control;
}

/** @throws {OptionError} naming what is wrong with the last argument of `report`. */
export function checkReportControl(control: ReportControl): ReportControl {
  checkObject('control', control);
  checkOne('signal', control.signal, abortSignal, false);
  return control;
}

/** @throws {OptionError} naming what is wrong with the third argument of `tryTransform`. */
export function checkTryControl(control: TryControl): TryControl {
  checkObject('control', control);
  checkOne('signal', control.signal, abortSignal, false);
  checkOne('svg', control.svg, truth, false);
  return control;
}

const detailChecks: Record<keyof CheckDetail, Check> = {
  explain: truth,
  sample: count,
  seed: count,
  signal: abortSignal,
};

/** @throws {OptionError} naming what is wrong with the second argument of `check`. */
export function checkDetail(detail: CheckDetail): void {
  checkObject('detail', detail);
  for (const [key, value] of Object.entries(detail)) {
    const check = Object.hasOwn(detailChecks, key) ? detailChecks[key as keyof CheckDetail] : undefined;
    if (!check) throw invalidOption(key, `is not an option; the options are ${Object.keys(detailChecks).join(', ')}`);
    checkOne(key, value, check, false);
  }
}

/** CPU time that a molecule may take in an isolated run; 0 for no limit. */
export function molTimeoutSeconds({ molTimeout = defaultApplyOptions.molTimeout }: ApplyOptions): number {
  return molTimeout;
}

const transformChecks: Record<keyof TransformSpec, Check> = {
  name: text,
  smirks: text,
  query_smarts: (value) => (value === null ? undefined : text(value)),
  not_smarts: textOrTexts,
  hydrogens: text,
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
    notSmarts: [transform.not_smarts ?? []].flat(),
    ...(transform.hydrogens !== undefined && { hydrogens: transform.hydrogens }),
    ...(transform.max_sites_per_mol != null && { maxSitesPerMol: transform.max_sites_per_mol }),
    excludeSugarLike: transform.exclude_sugar_like ?? false,
  };
}

/** The options of a call of `transformSmiles`, checked. */
export interface CallOptions {
  signal: AbortSignal | undefined;
  /** What the core acts on, as JSON. */
  options: string;
  /** CPU time that a molecule may take in a child process, 0 for no limit; undefined without a child process. */
  molTimeoutSeconds: number | undefined;
}

/** @throws {OptionError} naming the option. */
export function toCallOptions(given: TransformOptions): CallOptions {
  checkObject('options', given);
  const { signal, ...others } = given;
  checkOne('signal', signal, abortSignal, false);
  const options = checkOptions('transformSmiles', others);
  checkTimeLimit(options);
  return {
    signal,
    options: JSON.stringify(forCore('transformSmiles', options)),
    molTimeoutSeconds: options.isolate ? molTimeoutSeconds(options as ApplyOptions) : undefined,
  };
}

/** @throws {OptionError} unless `value` can be a path. */
export function checkPath(name: string, value: unknown): void {
  checkOne(name, value, path, true);
}

/** @throws {OptionError} unless `value` is a text. */
export function checkText(name: string, value: unknown): void {
  checkOne(name, value, text, true);
}

/** @throws {OptionError} unless `smiles` is a string or a list of strings. */
export function checkSmiles(smiles: unknown): void {
  if (typeof smiles === 'string') return;
  if (!Array.isArray(smiles) || !smiles.every((item) => typeof item === 'string')) {
    throw invalidOption('smiles', 'must be a string or a list of strings');
  }
}
