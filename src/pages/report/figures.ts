/** Figures as text, beyond those that the terminal shows. */
import { count, duration } from '../../cli/format';

/** A share in per cent, with two digits that count; never 100 % or 0 % unless it is exact. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '';
  const share = (100 * part) / whole;
  if (share > 0 && share < 0.1) return '< 0.1 %';
  if (share < 100 && share > 99.9) return '> 99.9 %';
  return `${share < 10 ? Number(share.toPrecision(2)) : Math.round(10 * share) / 10} %`;
}

/** A time, from milliseconds to days. */
export function time(seconds: number): string {
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

const digits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** A measured value with at most four digits that count. */
export function measure(value: number): string {
  return Number.isInteger(value) ? count(value) : digits.format(value);
}
