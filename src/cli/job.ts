/** What a run is about, here and on a cluster: the library and the transforms, as flags and as options of the API. */
import type { Command } from 'commander';
import type { ReportFlags } from './progress';
import { collect, columnNames, wholeNumber } from './values';

/** What commander makes of the options of `declareJob`. Required ones may be missing: the API refuses that. */
export interface JobFlags {
  input: string;
  smilesColumn?: string;
  idColumn?: string;
  keepColumns?: 'all' | string[];
  xfConfig: string;
  xfName?: string[];
  maxSites?: number;
  excludeSugarLike?: boolean;
}

export function declareJob(command: Command): Command {
  return command
    .optionsGroup('Input:')
    .option('-i, --input <file>', 'the library: Parquet, .smi, .csv or .tsv, the text ones also gzipped')
    .option('--smiles-column <name>', 'column that holds the SMILES (default: "smiles", in any case)')
    .option('--id-column <name>', 'column that holds the id (default: "id", else the only one ending in _id)')
    .option(
      '--keep-columns <names>',
      'columns to carry over to the products: a comma list, "in quotes" as in CSV, or all; may be given several times (default: none)',
      columnNames,
    )

    .optionsGroup('Transforms:')
    .option('--xf-config <file>', 'the transform file (YAML)')
    .option('--xf-name <name>', 'transform to apply, or all; may be given several times', collect)
    .option('--max-sites <n>', 'sites used per molecule, -1 for no limit (default: what the file says)', wholeNumber)
    .option('--exclude-sugar-like', 'leave out sites in sugars, whatever the file says')
    .option('--no-exclude-sugar-like', 'use sites in sugars, whatever the file says');
}

/** The flags as the API has them, without those that only the command has. */
export function toJobOptions<Flags extends JobFlags & ReportFlags & { dryRun?: true }>({
  dryRun,
  quiet,
  json,
  progress,
  xfName = [],
  ...rest
}: Flags) {
  return { ...rest, xfName };
}
