/** The text of the command about a run: the plan before it, the table after it. */
import type {
  CheckReport,
  Columns,
  ExportedProducts,
  OutputFile,
  Summary,
  TextLayout,
  WrittenReport,
} from '../../index';
import { declared } from '../generated/options';
import { expectedFacts } from './expected';
import { alignColumns, bytes, count, timeText, widest } from './format';
import { hanging, labelledLines, wrapped } from './lines';
import type { Screen } from './progress';
import { sumsText } from './sums';
import { widthOfScreen } from './terminal';

/** What is about to happen, and what to know about it, in lines of at most `width` columns. */
export function planText({ columns, files, rows, transforms, options, notices }: CheckReport, width: number): string {
  const what = transforms.length === 1 ? transforms[0] : `${transforms.length} transforms`;
  const shard = options['shard'] as { index: number; of: number } | null;
  const shards = shard === null ? [] : [`shard ${shard.index}/${shard.of}`];
  const parts = [...filesPart(files), ...rowsPart(rows, options.limit), ...shards];
  const format = formatFacts(columns).map(([, text]) => `; ${text}`);
  const plan = `${what} on ${parts.join(', ') || 'all rows'}; ${columnsText(columns)}${format.join('')}`;
  return [plan, ...notices.map((notice) => `note: ${notice}`)]
    .flatMap((text) => hanging(text, width))
    .map((line) => `${line}\n`)
    .join('');
}

function rowsPart(rows: number | null, limit: number | null): string[] {
  if (rows !== null) return [`${count(rows)} rows`];
  return limit === null ? [] : [`the first ${count(limit)} rows`];
}

export function checkText(report: CheckReport, width: number): string {
  const { columns, transforms, options, notices, tool, engine, expected } = report;
  const facts = [
    ['input', inputText(report)],
    ['columns', columnsText(columns)],
    ...formatFacts(columns),
    ['transforms', `${transforms.length} of ${[options['xf_config'] ?? '--smirks'].flat().join(', ')}`],
    ...transforms.map((name) => ['', name]),
    ...notices.map((notice, index) => [index === 0 ? 'notes' : '', notice]),
    ['output', `${options['outdir']}, nothing was written`],
    ['versions', `${tool.name} ${tool.version}, ${engine.name} ${engine.version}`],
  ];
  return `A run with these options can start.\n\n${labelled(facts, width)}${expected ? `\nWhat to expect:\n\n${labelled(expectedFacts(expected, report), width)}` : ''}`;
}

function inputText({ files, rows, options }: CheckReport): string {
  const known = rows === null ? 'number of rows not known beforehand' : `${count(rows)} rows`;
  return [[options['input']].flat().join(', '), ...filesPart(files), known].join('; ');
}

/** The number of files, if there may be several. */
function filesPart(files: number | null): string[] {
  return files === null ? [] : [`${count(files)} ${files === 1 ? 'file' : 'files'}`];
}

export function summaryText(summary: Summary, screen: Screen): string {
  const { files, memory } = summary;
  const width = widthOfScreen(screen);
  const strong = screen.isTTY && screen.hasColors?.() ? (text: string) => `\x1b[1m${text}\x1b[22m` : String;
  const written = alignColumns(
    [files.products, files.rejects, files.parents ?? [], Object.values(summary.exports ?? {}), summary.report ?? []]
      .flat()
      .map((written) => [written.file, rowsText(written), bytes(written.bytes)]),
  );
  const facts = [
    ...shardFacts(summary),
    ['columns', columnsText(summary.columns)],
    ...formatFacts(summary.columns),
    ...standardizeFacts(summary),
    ...filterFacts(summary),
    ...knownFacts(summary),
    ['dedup', dedupText(summary)],
    ['rejects', rejectsText(summary)],
    [
      'time',
      `${timeText(summary.elapsed_seconds)}, ${count(summary.throughput_mol_per_sec)} rows/s, ` +
        `${count(summary.products_per_sec)} products/s`,
    ],
    ['memory', `peak ${bytes(memory.peak_bytes)}, target ${bytes(memory.target_bytes)}`],
    ...written.map((line, index) => [index === 0 ? 'files' : '', line]),
    ['', `${summary.output_dir}/SUMMARY.json`],
  ];
  const head = summary.already_finished ? `${wrapped(alreadyFinished, width).join('\n')}\n\n` : '';
  return `${head}${sumsText(summary, strong, width)}\n${labelled(facts, width)}`;
}

/** The rows of a file; an export that was there already is not read for their number, and a report has none. */
function rowsText(file: OutputFile | ExportedProducts | WrittenReport): string {
  if (!('rows' in file)) return '';
  return file.rows === null ? 'as it was' : `${count(file.rows)} rows`;
}

const alreadyFinished =
  'Nothing was run: the run in this folder had already finished, and its files are intact. Its summary:';

/** Which part of a library a result covers, or from which parts it was merged. */
function shardFacts({ shard, merged, total_input }: Summary): string[][] {
  if (merged) return [['shards', count(merged.length)]];
  if (!shard) return [];
  const { index, of, first_row, library_rows } = shard;
  const rows = `${count(total_input)} rows from row ${count(first_row)} of ${count(library_rows)}`;
  return [['shard', `${index}/${of}: ${rows}`]];
}

/** How parents were standardized, and how many rows that changed. */
function standardizeFacts({ options: { standardize }, rows_standardized }: Summary): string[][] {
  if (standardize === 'none') return [];
  return [['standardize', `${standardize}, which made ${count(rows_standardized)} rows a different molecule`]];
}

/** The products that each clause of the filter took out, and the rows that lost all of theirs. */
function filterFacts({ filtered_by_clause, rows_all_filtered }: Summary): string[][] {
  if (filtered_by_clause === undefined) return [];
  const clauses = filtered_by_clause.map(({ clause, filtered }) => `${count(filtered)} products not ${clause}`);
  const lines = [...clauses, `${count(rows_all_filtered)} rows lost all their products`];
  return lines.map((line, index) => [index === 0 ? 'filtered' : '', line]);
}

/** The files of known molecules. */
function knownFacts({ known_files = [] }: Summary): string[][] {
  return known_files.map(({ file, distinct, unreadable }, index) => {
    const bad = unreadable > 0 ? `, ${count(unreadable)} rows could not be read` : '';
    return [index === 0 ? 'known' : '', `${file}: ${count(distinct)} molecules${bad}`];
  });
}

function columnsText({ smiles, id, kept }: Columns): string {
  return [`SMILES from "${smiles}"`, id === null ? 'no id' : `id from "${id}"`]
    .concat(kept.length > 0 ? [`kept: ${kept.join(', ')}`] : [])
    .join(', ');
}

/** The names of formats in messages. */
const titles = new Map<string, string>(declared.find(({ name }) => name === 'inputFormat')?.choices);

/** How the library is read; nothing for Parquet. */
function formatFacts({ format, layout }: Columns): string[][] {
  if (layout) return [['text', layoutText(layout)]];
  return format === 'parquet' ? [] : [['format', titles.get(format) ?? format]];
}

/** How a text file is read, and why. */
function layoutText({ delimiter, header, because }: TextLayout): string {
  const lines = delimiter === 'blank' ? 'lines of SMILES, blanks, id' : `columns separated by ${delimiter}`;
  return `${lines}, ${header ? 'with a header' : 'no header'} (${because})`;
}

function dedupText({ dedup: { mode, bytes: size, bloom } }: Summary): string {
  if (!bloom) return mode === 'none' ? 'none' : `${mode}, ${bytes(size)}`;
  const observed = bloom.observed_false_positive_rate;
  return (
    `Bloom filter of ${bytes(bloom.bytes)}, ${percent(bloom.fill)} full; false positives: ` +
    `${percent(bloom.expected_false_positive_rate)} expected, ` +
    `${observed === null ? 'none could be counted' : `${percent(observed)} of ${count(bloom.sample)} counted`}; ` +
    `about ${count(bloom.expected_lost)} products lost`
  );
}

function rejectsText({ rejected_rows, files }: Summary): string {
  return `${count(rejected_rows)} rows rejected, ${count(files.rejects.rows)} records`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** Facts, each with its label before it, in lines of at most `width` columns. */
function labelled(facts: readonly string[][], width: number): string {
  const labelWidth = widest(facts.map(([label = '']) => label));
  const gap = '  ';
  // A text that does not fit loses the blanks by which its columns are aligned.
  const fitted = (text: string) => (labelWidth + gap.length + text.length <= width ? text : text.replace(/ +/g, ' '));
  return facts
    .flatMap(([label = '', text = '']) => labelledLines(label.padEnd(labelWidth) + gap, fitted(text), width))
    .map((line) => `${line}\n`)
    .join('');
}
