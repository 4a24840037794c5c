/** The text of the command about a run: the plan before it, the table after it. */
import type { CheckReport, Columns, Summary, Sums, TextLayout } from '../../index';
import { alignColumns, bytes, count, duration } from './format';
import type { Screen } from './progress';

/** One or two lines on what is about to happen. */
export function planText({ columns, rows, transforms, options, notices }: CheckReport): string {
  const what = transforms.length === 1 ? transforms[0] : `${transforms.length} transforms`;
  const shard = options['shard'] as { index: number; of: number } | null;
  const parts = [...rowsPart(rows, options.limit), ...(shard === null ? [] : [`shard ${shard.index}/${shard.of}`])];
  const layout = columns.layout ? `; ${layoutText(columns.layout)}` : '';
  const plan = `${what} on ${parts.join(', ') || 'all rows'}; ${columnsText(columns)}${layout}`;
  return [plan, ...notices.map((notice) => `note: ${notice}`)].map((line) => `${line}\n`).join('');
}

function rowsPart(rows: number | null, limit: number | null): string[] {
  if (rows !== null) return [`${count(rows)} rows`];
  return limit === null ? [] : [`the first ${count(limit)} rows`];
}

export function checkText({ columns, rows, transforms, options, notices, tool, engine }: CheckReport): string {
  const facts = [
    ['input', `${options['input']}, ${rows === null ? 'number of rows not known beforehand' : `${count(rows)} rows`}`],
    ['columns', columnsText(columns)],
    ...layoutFacts(columns),
    ['transforms', `${transforms.length} of ${[options['xf_config'] ?? '--smirks'].flat().join(', ')}`],
    ...transforms.map((name) => ['', name]),
    ...notices.map((notice, index) => [index === 0 ? 'notes' : '', notice]),
    ['output', `${options['outdir']}, nothing was written`],
    ['versions', `${tool.name} ${tool.version}, ${engine.name} ${engine.version}`],
  ];
  return `A run with these options can start.\n\n${labelled(facts)}`;
}

export function summaryText(summary: Summary, screen: Screen): string {
  const { transforms, files, memory } = summary;
  const strong = screen.isTTY && screen.hasColors?.() ? (text: string) => `\x1b[1m${text}\x1b[22m` : String;
  const [only] = transforms;
  const sums =
    only && transforms.length === 1
      ? `${strong(only.name)}\n\n${equations(only.sums, summary)}`
      : manyTransforms(summary, strong);
  const written = alignColumns(
    [files.products, files.rejects, files.parents ?? [], Object.values(summary.exports ?? {})]
      .flat()
      .map(({ file, rows, bytes: size }) => [file, rows === null ? 'as it was' : `${count(rows)} rows`, bytes(size)]),
  );
  const facts = [
    ...shardFacts(summary),
    ['columns', columnsText(summary.columns)],
    ...layoutFacts(summary.columns),
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
  const head = summary.already_finished ? `${alreadyFinished}\n\n` : '';
  return `${head}${sums}\n${labelled(facts)}`;
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

function sitesExcluded(sums: Sums): number {
  return (
    sums.sites_excluded_query + sums.sites_excluded_not_smarts + sums.sites_excluded_sugar + sums.sites_excluded_limit
  );
}

/** The counts of a single transform, as the equations that they satisfy. */
function equations(sums: Sums, { filtered_by_clause, known_files }: Summary): string {
  const isFiltered = filtered_by_clause !== undefined;
  const known: Term[] = known_files === undefined ? [] : [[sums.known, 'known']];
  const excluded = sitesExcluded(sums);
  const filterEquation: Equation[] = isFiltered
    ? [['made', sums.made, [sums.filtered, 'filtered'], [sums.products, 'products']]]
    : [];
  return equationLines([
    [
      'rows',
      sums.rows,
      [sums.rows_with_products, 'with products'],
      [sums.rows_no_site, 'without a site'],
      [sums.rows_all_sites_excluded, 'with all sites excluded'],
      [sums.rows_rejected, 'rejected'],
    ],
    ['sites', sums.sites, [sums.sites_applied, 'applied'], [excluded, 'excluded'], [sums.sites_failed, 'failed']],
    [
      'results',
      sums.results,
      [sums.made, isFiltered ? 'made' : 'products'],
      [sums.results_repeated, 'repeated in their molecule'],
      [sums.results_failed, 'failed'],
    ],
    ...filterEquation,
    ['products', sums.products, ...known, [sums.unique, 'unique'], leftOut(sums)],
  ]);
}

type Term = [number, string];
type Equation = [name: string, total: number, ...terms: Term[]];

function equationLines(equationList: Equation[]): string {
  const [names, totals] = [equationList.map(([name]) => name), equationList.map(([, total]) => count(total))];
  const [nameWidth, totalWidth] = [widest(names), widest(totals)];
  return equationList
    .map(([name, total, ...terms]) => {
      const sum = terms.map(([value, what]) => `${count(value)} ${what}`).join(' + ');
      return `${name.padEnd(nameWidth)}  ${count(total).padStart(totalWidth)} = ${sum}\n`;
    })
    .join('');
}

/** The counts of several transforms, one line each; the last line counts each row once. */
function manyTransforms(
  { transforms, sums, stats, filtered_by_clause, known_files }: Summary,
  strong: (text: string) => string,
): string {
  const [, leftOutName] = leftOut(sums);
  const filtered = <T>(value: T) => (filtered_by_clause === undefined ? [] : [value]);
  const known = <T>(value: T) => (known_files === undefined ? [] : [value]);
  const heads = [
    'transform',
    'with products',
    'rejected',
    'sites',
    'excluded',
    'failed',
    ...filtered('filtered'),
    'products',
    ...known('known'),
    'unique',
  ];
  const cells = (name: string, each: Sums, withProducts: number, rejected: number) => [
    name,
    ...[
      withProducts,
      rejected,
      each.sites,
      sitesExcluded(each),
      each.sites_failed,
      ...filtered(each.filtered),
      each.products,
      ...known(each.known),
      each.unique,
      leftOut(each)[0],
    ].map(count),
  ];
  const [head = '', ...body] = alignColumns([
    [...heads, leftOutName],
    ...transforms.map(({ name, sums: each }) => cells(name, each, each.rows_with_products, each.rows_rejected)),
    cells(`all, of ${count(sums.rows)} rows`, sums, stats.success, stats.rejected),
  ]);
  const total = body.pop() ?? '';
  return `${[strong(head), ...body, strong(total)].join('\n')}\n`;
}

/** Products that were not written, and why. */
function leftOut(sums: Sums): Term {
  return sums.dropped_as_seen === undefined
    ? [sums.duplicates ?? 0, 'duplicates']
    : [sums.dropped_as_seen, 'dropped as seen'];
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

function layoutFacts({ layout }: Columns): string[][] {
  return layout ? [['text', layoutText(layout)]] : [];
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

function timeText(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

function labelled(facts: readonly string[][]): string {
  const width = widest(facts.map(([label = '']) => label));
  return facts.map(([label = '', text = '']) => `${label.padEnd(width)}  ${text}\n`).join('');
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
