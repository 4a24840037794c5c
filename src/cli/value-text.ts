/** Values of tables as text for the terminal. */

/** Digits that tell values apart at a glance. */
const DIGITS = 5;

/** A number: whole numbers in full, others in five digits, or more before the point. */
export function figureText(value: number | null): string {
  if (value === null) return '';
  if (Number.isInteger(value)) return String(value);
  const isLarge = Math.abs(value) >= 10 ** DIGITS;
  return isLarge ? value.toFixed(0) : String(Number(value.toPrecision(DIGITS)));
}

/** Any value: nothing for null, lists as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return figureText(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
