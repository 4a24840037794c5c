/** What the flags take: texts of the command line into values, and how help names a default. */
import { InvalidArgumentError } from 'commander';

/** Gathers the values of a flag that may be given several times. */
export function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** Gathers the names of comma lists. `all` stands alone. */
export function columnNames(value: string, previous: readonly string[] = []): string[] {
  const names = [...previous, ...value.split(',').map((name) => name.trim())];
  if (names.includes('all') && names.some((name) => name !== 'all')) {
    throw new InvalidArgumentError('Take all, or the names of columns.');
  }
  return names;
}

/** What makes one value of several; a flag that is read by anything else is given once. */
export const gatherers: ReadonlySet<unknown> = new Set([collect, columnNames]);

export function wholeNumber(value: string): number {
  const result = Number(value);
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(result)) throw new InvalidArgumentError('It is no whole number.');
  return result;
}

export function number(value: string): number {
  const result = Number(value);
  if (value.trim() === '' || !Number.isFinite(result)) throw new InvalidArgumentError('It is no number.');
  return result;
}

const secondsOf: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds: `500ms`, `60s`, `2m`, `1h`; a bare number is seconds, `none` is 0. */
export function seconds(value: string): number {
  if (value === 'none') return 0;
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value) ?? [];
  const result = Number(amount) * (secondsOf[unit] ?? Number.NaN);
  if (!Number.isFinite(result)) throw new InvalidArgumentError('It is no time, such as 500ms, 60s or 2m.');
  return result;
}

export function byDefault(value: number | string): string {
  return `(default: ${value})`;
}
