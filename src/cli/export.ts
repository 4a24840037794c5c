/** `xform-native export`: writes products, or any table with SMILES, in a format that other programs read. */
import type { Command } from 'commander';
import type { ExportOptions, ExportSummary, Path } from '../../index';
import { exportTable } from '../export-table';
import { path } from './arguments';
import { EXIT_CUT_SHORT, EXIT_DONE } from './exit';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { count, fileLines } from './format';
import { printable, printableJson } from './printable';
import { rowCounter } from './progress';
import { warn } from './run';
import { runUntilStopped } from './signals';
import { stopStatuses } from './texts';

type Flags = ExportOptions & FrontFlags;

export function declareExport(command: Command): void {
  command
    .description(
      'Write the products of a finished run, or any Parquet file with a SMILES column, as CSV, TSV, SMILES text, SDF, JSON ' +
        'lines or Arrow.',
    )
    .summary('write products as CSV, SDF and other formats')
    .usage('<folder or file> -o <file> [options]')
    .argument('<folder or file>', 'output folder of a run, or a Parquet file', path)
    .allowExcessArguments(false);
  declareFlags(command, 'exportTable')
    .addHelpText('after', epilogue)
    .action((input: Path, flags: Flags) => run(input, flags));
}

const epilogue = `
The summary goes to stdout, or to stderr with -o -. A file appears under its name
when it is complete. RDKit draws the molecules of SDF in this process.

Exit status:
  0 done   1 the export failed   2 usage, or a table that cannot be read
${stopStatuses}
  141 with -o -, the reader of the rows went away before the end

Examples:
  For a spreadsheet:
    $ xform-native export out -o products.csv --spreadsheet
  An SDF of the light products, packed:
    $ xform-native export out -o products.sdf.gz --where 'MW < 300' \\
        --columns product_id,xf_name,MW
  A file for each transform, of at most a million rows:
    $ xform-native export out -o parts/products.csv --partition-by xf_name \\
        --max-rows-per-file 1000000
  To another program:
    $ xform-native export out -o - --format jsonl | head
`;

function run(input: Path, flags: Flags): Promise<void> {
  return runUntilStopped(false, flags.json === true, async (signal) => {
    const options = withoutFront('exportTable', flags);
    const isPiped = String(options.output) === '-';
    const counter = flags.quiet || isPiped ? undefined : rowCounter('');
    const summary = await exportTable(input, options as ExportOptions, { signal, onProgress: counter?.update });
    counter?.end();
    if (summary.was_cut_short) return EXIT_CUT_SHORT;
    warn(summary.warnings);
    const report = isPiped ? process.stderr : process.stdout;
    if (flags.json) report.write(`${printableJson(summary)}\n`);
    else if (!flags.quiet && !isPiped) report.write(exportText(printable(summary)));
    return EXIT_DONE;
  });
}

export function exportText(summary: ExportSummary): string {
  const { input, rows_read, rows_filtered, rows_left_out, rows_written, files } = summary;
  const terms = [
    `${count(rows_written)} written`,
    ...(rows_filtered > 0 ? [`${count(rows_filtered)} filtered`] : []),
    ...(rows_left_out > 0 ? [`${count(rows_left_out)} left out`] : []),
  ];
  const written = fileLines(files, ({ rows }) => `${count(rows)} rows`);
  const lines = [input, `rows ${count(rows_read)} = ${terms.join(' + ')}`, ...written];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
