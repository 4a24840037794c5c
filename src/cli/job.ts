/** What a run is about, here and on a cluster: the library and the transforms, as flags and as options of the API. */
import type { Command } from 'commander';
import { path } from './arguments';
import type { ReportFlags } from './progress';
import { collect, columnNames, wholeNumber } from './values';

/** What commander makes of the options of `declareJob`. Required ones may be missing: the API refuses that. */
export interface JobFlags {
  input: string | Buffer;
  delimiter?: string;
  header?: boolean;
  smilesColumn?: string;
  idColumn?: string;
  keepColumns?: 'all' | string[];
  xfConfig: string | Buffer;
  xfName?: string[];
  maxSites?: number;
  excludeSugarLike?: boolean;
}

export function declareJob(command: Command): Command {
  return command
    .optionsGroup('Input:')
    .option('-i, --input <file>', 'the library: Parquet, .smi, .csv or .tsv, the text ones also gzipped', path)
    .option(
      '--delimiter <kind>',
      'what separates the columns of text: comma, tab, semicolon, pipe, space or the character itself; blank for lines ' +
        'of SMILES, blanks, id (default: found by the first 100 lines)',
    )
    .option(
      '--header',
      'take the first line of text as the names of the columns (default: found by the first 100 lines)',
    )
    .option('--no-header', 'take the first line of text as a row')
    .option(
      '--smiles-column <column>',
      'column that holds the SMILES, by name or number (default: "smiles", "canonical_smiles" or "structure", in any ' +
        'case; in text without such a name the only one that reads as SMILES)',
    )
    .option(
      '--id-column <column>',
      'column that holds the id, by name or number (default: "id", else the only one ending in _id; in text without a ' +
        'header the first one with distinct values)',
    )
    .option(
      '--keep-columns <names>',
      'columns to carry over to the products: a comma list, "in quotes" as in CSV, or all; may be given several times (default: none)',
      columnNames,
    )

    .optionsGroup('Transforms:')
    .option('--xf-config <file>', 'the transform file (YAML)', path)
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
