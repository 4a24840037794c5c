/** `xform-native sample`: picks rows of a table, and writes or shows them. */
import type { Command } from 'commander';
import type { Path, SampleOptions, SampleSummary, SamplingProgress, Stratum } from '../../index';
import { sampleTable } from '../sample-table';
import { path } from './arguments';
import { EXIT_CUT_SHORT, EXIT_DONE } from './exit';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { count, fileLines } from './format';
import { printable, printableJson } from './printable';
import { type RowCounter, rowCounter } from './progress';
import { warn } from './run';
import { runUntilStopped } from './signals';
import { type Column, tableLines } from './table';
import { screenWidth } from './terminal';
import { stopStatuses } from './texts';
import { cellText } from './value-text';

type Flags = SampleOptions & FrontFlags;

export function declareSample(command: Command): void {
  command
    .description(
      'Pick rows of the products of a finished run, or of any Parquet file with a SMILES column: at random, some of each ' +
        'kind, or different ones.',
    )
    .summary('pick some of the products')
    .usage('<folder or file> [-o <file>] [options]')
    .argument('<folder or file>', 'output folder of a run, or a Parquet file', path)
    .allowExcessArguments(false);
  declareFlags(command, 'sampleTable')
    .addHelpText('after', epilogue)
    .action((input: Path, flags: Flags) => run(input, flags));
}

const epilogue = `
Rows keep the order of the table. Without -o, they are shown as a table that fits
the terminal; --json has all columns. With -o, the summary goes to stdout, or to
stderr with -o -. RDKit runs in this process, for --by diverse and for SDF.

Exit status:
  0 done   1 the sample failed   2 usage, or a table that cannot be read
${stopStatuses}
  141 with -o -, the reader of the rows went away before the end

Examples:
  A hundred products at random:
    $ xform-native sample out
  Ten of each transform and halogen:
    $ xform-native sample out -o some.csv --by stratified \\
        --strata xf_name,halogen --n 400
  Fifty that differ from each other, to look at:
    $ xform-native sample out -o fifty.sdf --by diverse --n 50
`;

function run(input: Path, flags: Flags): Promise<void> {
  return runUntilStopped(false, flags.json === true, async (signal) => {
    const options = withoutFront('sampleTable', flags);
    const isPiped = String(options.output) === '-';
    const counter = flags.quiet || isPiped ? undefined : phaseCounter();
    const summary = await sampleTable(input, options as SampleOptions, { signal, onProgress: counter?.update });
    counter?.end();
    if (summary.was_cut_short) return EXIT_CUT_SHORT;
    warn(summary.warnings);
    const report = isPiped ? process.stderr : process.stdout;
    if (flags.json) report.write(`${printableJson(summary)}\n`);
    else if (!flags.quiet && !isPiped) report.write(sampleText(printable(summary), screenWidth()));
    return EXIT_DONE;
  });
}

const phases: Readonly<Record<SamplingProgress['phase'], string>> = {
  counting: 'counting strata: ',
  choosing: 'choosing: ',
  fingerprints: 'fingerprints: ',
  picking: 'picking: ',
  writing: 'writing: ',
};

/** A counter that names what is done; nothing without a terminal. */
function phaseCounter(): { update(progress: SamplingProgress): void; end(): void } | undefined {
  const counters = Object.entries(phases).map(([phase, label]) => [phase, rowCounter(label)] as const);
  const byPhase = Object.fromEntries(counters) as Record<SamplingProgress['phase'], RowCounter | undefined>;
  if (byPhase.writing === undefined) return undefined;
  return { update: (progress) => byPhase[progress.phase]?.update(progress), end: () => byPhase.writing?.end() };
}

/** Strata that a summary lists. */
const LISTED = 20;

export function sampleText(summary: SampleSummary, width: number): string {
  const { strata, files } = summary;
  const lines = [
    ...(summary.sample?.length ? [...rowLines(summary, width), ''] : []),
    summary.input,
    countLine(summary),
    ...(strata?.length ? strataLines(strata, width) : []),
    ...fileLines(files, ({ rows }) => `${count(rows)} rows`),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function countLine({ rows, rows_filtered, rows_eligible, rows_picked, diverse }: SampleSummary): string {
  const filtered = rows_filtered > 0 ? ` = ${count(rows_filtered)} filtered + ${count(rows_eligible)} eligible` : '';
  const pool = diverse ? `, a pool of ${count(diverse.pool_rows)}` : '';
  return `rows ${count(rows)}${filtered}${pool}, ${count(rows_picked)} picked`;
}

function strataLines(strata: readonly Stratum[], width: number): string[] {
  const names = Object.keys(strata[0]?.values ?? {});
  const columns: Column[] = [
    ...names.map((head) => ({ head, least: 8 })),
    { head: 'rows', isFigure: true },
    { head: 'picked', isFigure: true },
  ];
  const cells = strata
    .slice(0, LISTED)
    .map(({ values, rows, picked }) => [...names.map((name) => cellText(values[name])), count(rows), count(picked)]);
  const more = strata.length > LISTED ? [`and ${count(strata.length - LISTED)} more strata; --json has all`] : [];
  return [...tableLines(columns, cells, width), ...more];
}

/** Columns of a run that say how a product came about. They have room after all others. */
const origins: ReadonlySet<string> = new Set([
  'source_row',
  'source_id',
  'source_smiles',
  'xf_code',
  'xf_label',
  'xf_prob',
  'product_index',
  'xf_site_index',
  'xf_site_atoms',
  'xf_site_count',
  'product_site_atoms',
]);

/** The picked rows: what names a row and its molecule always, other columns as far as there is room. */
function rowLines({ sample, columns, id_column, smiles_column, strata }: SampleSummary, width: number): string[] {
  const first = [id_column, smiles_column, 'xf_name', ...Object.keys(strata?.[0]?.values ?? {})];
  const known = first.filter((name): name is string => name !== null && columns.includes(name));
  const others = columns.filter((name) => !origins.has(name));
  const order = [...new Set([...known, ...others, ...columns])];
  const rows = (sample ?? []).map((row) => order.map((name) => cellText(row[name])));
  const always = [id_column, smiles_column];
  const shown = order.map((head, index): Column => {
    const isFigure = (sample ?? []).every((row) => row[head] === null || typeof row[head] === 'number');
    return { head, least: head === smiles_column ? 24 : 10, isFigure, ...(!always.includes(head) && { rank: index }) };
  });
  return tableLines(shown, rows, width);
}
