/** The exports that follow a run: `apply` with `format`. */
import { existsSync, statSync } from 'node:fs';
import type { ApplyOptions, ExportFormat, Path, Summary } from '../index';
import { invalidOption } from './errors';
import { exportTable } from './export-table';
import { choicesOf } from './options/table';
import { packPath, pathForNode, shownPath } from './paths';

/** The formats that `options` ask for, each once. */
export function wantedFormats({ format = [], shard }: ApplyOptions): ExportFormat[] {
  const known = choicesOf('exportTable', 'format');
  const wanted = [...new Set([format].flat())];
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalidOption('format', `"${unknown}" is not one of ${known.join(', ')}`);
  if (wanted.length > 0 && shard !== undefined) {
    throw invalidOption('format', 'cannot be combined with `shard`; export the result of the merge');
  }
  return wanted as ExportFormat[];
}

/** The files of the exports that `options` ask for. */
export function exportFiles(options: ApplyOptions): (string | Buffer)[] {
  return wantedFormats(options).map((format) => fileOf(options.outdir, format));
}

/** Exports the products of a finished run, and adds the files to its summary. Of a run that had finished, only what is missing. */
export async function exportProducts(
  summary: Summary,
  { outdir, force, workers }: ApplyOptions,
  formats: readonly ExportFormat[],
  signal: AbortSignal | undefined,
): Promise<Summary> {
  if (formats.length === 0) return summary;
  const exports: NonNullable<Summary['exports']> = {};
  const warnings = [...summary.warnings];
  for (const format of formats) {
    const output = fileOf(outdir, format);
    if (summary.already_finished && existsSync(output)) {
      exports[format] = { file: shownPath(output), rows: null, bytes: statSync(output).size };
      continue;
    }
    const written = await exportTable(outdir, { output, force, workers }, { signal });
    const [file] = written.files;
    if (file) exports[format] = file;
    warnings.push(...written.warnings.map((warning) => `${shownPath(output)}: ${warning}`));
  }
  return Object.assign(summary, { exports, warnings });
}

function fileOf(outdir: Path, format: ExportFormat): string | Buffer {
  return pathForNode(`${packPath(outdir)}/products.${format}`);
}
