/** Where the result comes from: settings, versions and files with their checksums. */
import type { OutputFile } from '../../../index';
import { bytes, count } from '../../cli/format';
import { element } from '../browser/element';
import { type Column, table } from '../browser/table';
import type { ReportData } from './data';
import { note, section } from './section';

export function settings({ summary }: ReportData): HTMLElement {
  const entries = Object.entries(summary.options);
  const chosen = entries
    .filter(([, value]) => isSet(value))
    .map(([name, value]): [string, string] => [name, settingText(value)]);
  const others = entries.filter(([, value]) => !isSet(value)).map(([name]) => name);
  return section('settings', 'Settings', pairs(chosen), note(`Not set: ${others.join(', ')}`));
}

function isSet(value: unknown): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0);
}

/** A setting as the command line or JSON would have it. */
function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.map(settingText).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function versions({ summary }: ReportData): HTMLElement {
  const { tool, engine, columns, dedup } = summary;
  return section(
    'versions',
    'Versions and input',
    pairs([
      [tool.name, tool.version],
      [engine.name, engine.version],
      ['library', [summary.source_file].flat().join(', ')],
      ['columns', `SMILES from ${columns.smiles}, ${columns.id === null ? 'no id' : `id from ${columns.id}`}`],
      ['deduplication', dedup.mode],
      ['SUMMARY.json', summary.summary_sha256],
    ]),
  );
}

/** A file of the input or the output. */
interface Listed {
  file: string;
  rows: number | null;
  bytes: number | null;
  sha256: string;
}

export function files({ summary }: ReportData): HTMLElement {
  const listed: Listed[] = [
    ...Object.values(summary.files as Record<string, OutputFile>),
    ...(summary.source_files?.files ?? []),
    ...(summary.known_files ?? []).map(({ file, molecules, sha256 }) => ({
      file,
      rows: molecules,
      bytes: null,
      sha256,
    })),
  ];
  const columns: Column<Listed>[] = [
    { head: 'file', cell: ({ file }) => file },
    { head: 'rows', cell: ({ rows }) => (rows === null ? '' : count(rows)), sortBy: ({ rows }) => rows ?? 0 },
    {
      head: 'size',
      cell: ({ bytes: size }) => (size === null ? '' : bytes(size)),
      sortBy: ({ bytes: size }) => size ?? 0,
    },
    { head: 'SHA-256', cell: ({ sha256 }) => sha256, kind: 'code' },
  ];
  const missing = (summary.source_files?.total ?? 0) - (summary.source_files?.files.length ?? 0);
  const more = missing > 0 ? element('p', { class: 'quiet' }, `and ${count(missing)} more files of the library`) : null;
  return section('files', 'Files', table('Files and their checksums', columns, listed), more);
}

function pairs(entries: readonly [string, string][]): HTMLElement {
  const lines = entries.map(([name, text]) => element('div', {}, element('dt', {}, name), element('dd', {}, text)));
  return element('dl', { class: 'pairs' }, ...lines);
}
