/** Formats figures for people. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function count(value: number): string {
  return grouped.format(value);
}

export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [scaled, unit] = [value, 0];
  while (scaled >= 1024 && unit < units.length - 1) {
    scaled /= 1024;
    unit += 1;
  }
  return `${unit > 0 && scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${units[unit]}`;
}

/** `4.1 s`, or from a minute on as {@link duration}. */
export function timeText(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

/** `4:05`, `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const tail = `${pad(minutes, hours > 0)}:${pad(whole % 60, true)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

function pad(value: number, toTwo: boolean): string {
  return toTwo ? String(value).padStart(2, '0') : String(value);
}

/** Rows of cells as aligned lines: the first column to the left, figures to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** The length of the longest text. */
export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

/** Files that a summary lists. */
const LISTED = 10;

/** The first files that a command wrote, aligned: each with what it holds, such as `3 rows`, and its size. */
export function fileLines<File extends { file: string; bytes: number }>(
  files: readonly File[],
  content: (file: File) => string,
): string[] {
  const listed = files.slice(0, LISTED).map((written) => [written.file, content(written), bytes(written.bytes)]);
  const more = files.length > LISTED ? [`and ${count(files.length - LISTED)} more files`] : [];
  return [...alignColumns(listed), ...more];
}
