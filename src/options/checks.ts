/** Checks the type of each option by its kind. Whether a value of the right type is valid is decided by the core. */
import { types } from 'node:util';
import { invalidOption } from '../errors';
import { isPath, packPath } from '../paths';
import { type Command, choicesOn, type Kind, type OptionSpec, optionsOf } from './table';

/** Why a value is invalid, worded to follow the name of the option; undefined if it is valid. */
export type Check = (value: unknown) => string | undefined;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const arePaths = (value: unknown): boolean => Array.isArray(value) && value.every(isPath);
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

function must(fits: (value: unknown) => boolean, be: string): Check {
  return (value) => (fits(value) ? undefined : `must be ${be}`);
}

export const path = must(isPath, 'a path: a non-empty string, or bytes');
export const text = must(isText, 'a non-empty string');
export const textOrTexts = must((value) => isText(value) || areTexts(value), 'a non-empty string or a list of them');
export const truth = must((value) => typeof value === 'boolean', 'true or false');
export const wholeNumber = must(Number.isSafeInteger, 'a whole number');
export const count = must(isCount, 'a whole number, 0 or more');

const checks: Readonly<Record<Exclude<Kind, 'choice'>, Check>> = {
  path,
  text,
  anyText: must((value) => typeof value === 'string', 'a string'),
  paths: must(arePaths, 'a list of paths'),
  files: must((value) => isPath(value) || arePaths(value), 'a path or a list of them'),
  names: must((value) => isText(value) || areTexts(value), 'a non-empty string or a list of them'),
  columns: must((value) => value === 'all' || areTexts(value), '"all" or a list of strings'),
  shard: text,
  size: must((value) => Number.isFinite(value) || isText(value), 'a number (per cent) or a text such as "2GiB"'),
  flag: truth,
  count,
  integer: wholeNumber,
  number: must(Number.isFinite, 'a number'),
  seconds: must((value) => Number.isFinite(value) && (value as number) >= 0, 'a number of seconds, 0 or more'),
  rows: must((value) => Array.isArray(value) && value.every(isCount), 'a list of row numbers; the first row is 0'),
};

function checkOf(command: Command, option: OptionSpec): Check {
  if (option.kind !== 'choice') return checks[option.kind];
  const choices = choicesOn(command, option);
  return must((value) => choices.includes(value as string), `one of ${choices.join(', ')}`);
}

/**
 * A copy of `given`, the options of a call, with checked types. The copy ensures that the values in use are those that
 * were checked, even if a getter returns a different value next time. Undefined options are left out.
 *
 * @throws {OptionError} naming the option.
 */
export function checkOptions<T extends object>(
  command: Command,
  given: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  checkObject('options', given);
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const known = optionsOf(command);
  const names = known.map(({ name }) => name);
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw invalidOption(name, `is not an option; the options are ${names.join(', ')}`);
  }
  for (const option of known) checkOne(option.name, options[option.name], checkOf(command, option), option.required);
  return options as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** The options that the core acts on, as it reads them: under the API's names, with packed paths. */
export function forCore(command: Command, checked: object): Record<string, unknown> {
  const given = optionsOf(command).filter(({ name, isOfCore }) => isOfCore && Object.hasOwn(checked, name));
  return Object.fromEntries(given.map(({ name }) => [name, packed((checked as Record<string, unknown>)[name])]));
}

function packed(value: unknown): unknown {
  if (types.isUint8Array(value)) return packPath(value);
  return Array.isArray(value) ? value.map(packed) : value;
}

export function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw invalidOption(name, 'must be an object');
}

export function checkOne(name: string, value: unknown, check: Check, isNeeded: boolean): void {
  if (value === undefined && !isNeeded) return;
  const fault = value === undefined ? 'is required' : check(value);
  if (fault) throw invalidOption(name, fault);
}
