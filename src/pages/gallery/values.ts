/** Values as text. */
import type { GalleryValue } from './data';

const figures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3, useGrouping: false });

/** A value as it is shown: numbers with at most three decimals, nothing for null. */
export function shownValue(value: GalleryValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((item) => (item === null ? '' : shownValue(item))).join(', ');
  return typeof value === 'number' ? figures.format(value) : String(value);
}

/** A value with all its digits; lists as JSON, as `export` writes them. */
export function exactValue(value: GalleryValue): string {
  if (value === null) return '';
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}
