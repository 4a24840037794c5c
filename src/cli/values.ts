/** Converts the texts of flags to values. */
import { InvalidArgumentError } from 'commander';
import { paths } from './arguments';

/** Collects the values of a flag that may be given several times. */
export function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** The name of a rule; completion offers those of the rule files. */
export function ruleName(value: string): string {
  return value;
}

/** A name and the comma or the end after it: quoted as in CSV, or without quotes and trimmed. */
const columnName = /\s*(?:"((?:[^"]|"")*)"\s*|([^",][^,]*|))(,|$)/y;

/** Collects the names of comma lists, or `all`, which must be the only value; in quotes it is a column of that name. */
export function columnNames(value: string, previous: 'all' | readonly string[] = []): 'all' | string[] {
  const names: string[] = previous === 'all' ? [] : [...previous];
  let all = previous === 'all';
  columnName.lastIndex = 0;
  for (let separator: string | undefined = ','; separator === ','; ) {
    const [found, quoted, plain, next] = columnName.exec(value) ?? [];
    if (found === undefined) {
      throw new InvalidArgumentError('A quote does not end, or text follows it; write "a, b",c for a, b and c.');
    }
    const name = quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '';
    if (quoted === undefined && name === 'all') all = true;
    else names.push(name);
    separator = next;
  }
  if (all && names.length > 0) throw new InvalidArgumentError('Take all, or the names of columns.');
  return all ? 'all' : names;
}

/** The parsers that combine several values; a flag with any other parser may be given only once. */
export const gatherers: ReadonlySet<unknown> = new Set([collect, columnNames, paths, rowNumbers]);

export function wholeNumber(value: string): number {
  const result = Number(value);
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(result)) throw new InvalidArgumentError('Not a whole number.');
  return result;
}

/** Collects the numbers of comma lists. */
export function rowNumbers(value: string, previous: readonly number[] = []): number[] {
  return [...previous, ...value.split(',').map((row) => wholeNumber(row.trim()))];
}

export function number(value: string): number {
  const result = Number(value);
  if (value.trim() === '' || !Number.isFinite(result)) throw new InvalidArgumentError('Not a number.');
  return result;
}

const secondsOf: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds: `500ms`, `60s`, `2m`, `1h`; a bare number is seconds, `none` is 0. */
export function seconds(value: string): number {
  if (value === 'none') return 0;
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value) ?? [];
  const result = Number(amount) * (secondsOf[unit] ?? Number.NaN);
  if (!Number.isFinite(result)) throw new InvalidArgumentError('Not a time, such as 500ms, 60s or 2m.');
  return result;
}
