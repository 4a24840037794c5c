/** `xform-native apply`: its flags, and the way from them to the public API, which can do all that the flags can. */
import { type Command, Option } from 'commander';
import type { ApplyOptions, CheckReport, DedupMode, Summary } from '../../index';
import { apply, check } from '../apply';
import { invalidOption } from '../errors';
import { defaultApplyOptions as defaults, flagOf } from '../options';
import { EXIT_DONE, EXIT_REJECTS, fail } from './exit';
import { explanationText } from './explain';
import { declareReport, type ReportFlags, showProgress } from './progress';
import { checkText, planText, summaryText } from './report';
import { stopOnSignals } from './signals';
import { collect, number, seconds, wholeNumber } from './values';

/** What commander makes of the options of `declareJob`. Required ones may be missing: the API refuses that. */
export interface JobFlags {
  input: string;
  smilesColumn?: string;
  idColumn?: string;
  keepColumns?: string;
  xfConfig: string;
  xfName?: string[];
  maxSites?: number;
  excludeSugarLike?: boolean;
}

interface Flags extends JobFlags, ReportFlags {
  shard?: string;
  dedup?: DedupMode;
  useBloomFilter?: true;
  bloomExpectedItems?: number;
  bloomFpRate?: number;
  maxRejects?: number;
  maxAtoms?: number;
  maxProductsPerMol?: number;
  molTimeout?: number;
  isolate?: boolean;
  targetMemory?: string;
  workers?: number;
  batchSize?: number;
  maxInFlight?: number;
  flushInterval?: number;
  outdir: string;
  force?: true;
  resume?: true;
  scratch?: string;
  dryRun?: true;
  explain?: true;
}

/** What decides how a run is reported in the end. */
type EndFlags = Pick<Flags, 'json' | 'quiet' | 'maxRejects'>;

export function declareApply(command: Command): void {
  command
    .description('Apply transforms to every molecule of a library.')
    .summary('apply transforms to a library')
    .usage('-i <file> -o <folder> --xf-config <file> --xf-name <name> [options]')
    .allowExcessArguments(false);
  declareJob(command)
    .optionsGroup('Input:')
    .option('--shard <i/n>', 'the i-th of n equal parts of the rows, from 1/n to n/n; merge makes one result of them')

    .optionsGroup('Deduplication:')
    .addOption(
      new Option(
        '--dedup <mode>',
        `exact: each product of a transform once; bloom: in constant memory, with a small loss; none ${byDefault(defaults.dedup)}`,
      ).choices(['exact', 'bloom', 'none']),
    )
    .option('--use-bloom-filter', 'the same as --dedup bloom')
    .option(
      '--bloom-expected-items <n>',
      `products that the Bloom filter is sized for ${byDefault(defaults.bloomExpectedItems)}`,
      wholeNumber,
    )
    .option(
      '--bloom-fp-rate <share>',
      `new products that it may take for seen ones ${byDefault(defaults.bloomFpRate)}`,
      number,
    )

    .optionsGroup('Limits:')
    .option('--max-rejects <rows>', 'rejected rows beyond which the exit status is 3 (default: no limit)', wholeNumber)
    .option('--max-atoms <n>', `atoms beyond which a molecule is a reject ${byDefault(defaults.maxAtoms)}`, wholeNumber)
    .option(
      '--max-products-per-mol <n>',
      'products of a transform beyond which a molecule is a reject (default: no limit)',
      wholeNumber,
    )
    .option(
      '--mol-timeout <time>',
      `CPU time of a molecule, such as 500ms or 2m, beyond which it is a reject; 0 for no limit ${byDefault(`${defaults.molTimeout}s`)}`,
      seconds,
    )
    .option('--isolate', 'run RDKit in a child process, so that a crash costs a molecule and not the run (default)')
    .option('--no-isolate', 'run RDKit in this process; there is no --mol-timeout then')
    .option(
      '--target-memory <size>',
      `memory to stay below: per cent of the machine, or a size such as 2GiB ${byDefault(defaults.targetMemory)}`,
    )

    .optionsGroup('Speed (none of these changes the output):')
    .option('--workers <n>', 'threads that run RDKit (default: available parallelism)', wholeNumber)
    .option('--batch-size <rows>', `rows of a batch ${byDefault(defaults.batchSize)}`, wholeNumber)
    .option('--max-in-flight <batches>', 'batches read and not yet committed (default: 2 x workers)', wholeNumber)
    .option(
      '--flush-interval <products>',
      `products buffered before they are encoded ${byDefault(defaults.flushInterval)}`,
      wholeNumber,
    )

    .optionsGroup('Output:')
    .option('-o, --outdir <folder>', 'folder for products.parquet, rejects.parquet and SUMMARY.json')
    .option('--force', 'replace the files of an earlier run')
    .option('--resume', 'go on where an interrupted run into the folder ended; begin anew where there is none')
    .option('--scratch <folder>', 'folder for what is spilled to disk (default: one inside the output folder)')
    .option('--dry-run', 'check options, transforms and input, and write nothing')
    .option('--explain', 'the same, and say how each transform is carried out');
  declareReport(command)
    .addHelpText('after', epilogue)
    .action((flags: Flags, self: Command) => run(flags, self.getOptionValueSource('progress') === 'cli'));
}

/** What a run is about: the library and the transforms. The cluster's runs take the same. */
export function declareJob(command: Command): Command {
  return command
    .optionsGroup('Input:')
    .option('-i, --input <file>', 'the library: Parquet, .smi, .csv or .tsv, the text ones also gzipped')
    .option('--smiles-column <name>', 'column that holds the SMILES (default: "smiles", in any case)')
    .option('--id-column <name>', 'column that holds the id (default: "id", else the only one ending in _id)')
    .option('--keep-columns <names>', 'columns to carry over to the products: a comma list, or all (default: none)')

    .optionsGroup('Transforms:')
    .option('--xf-config <file>', 'the transform file (YAML)')
    .option('--xf-name <name>', 'transform to apply, or all; may be given several times', collect)
    .option('--max-sites <n>', 'sites used per molecule, -1 for no limit (default: what the file says)', wholeNumber)
    .option('--exclude-sugar-like', 'leave out sites in sugars, whatever the file says')
    .option('--no-exclude-sugar-like', 'use sites in sugars, whatever the file says');
}

const epilogue = `
The table goes to stdout, everything else that is said to stderr.

Exit status:
  0 done   1 the run failed   2 usage or configuration   3 done, with more rejected rows than --max-rejects
  130 interrupted (SIGINT)   143 terminated (SIGTERM): nothing is left under a final name, --resume goes on

Examples:
  One transform, each product once:
    $ xform-native apply -i library.parquet -o out --xf-config configs/transforms.yaml \\
        --xf-name FG_PHENOL_OH__OH__TO__OMe
  All transforms of the file in one pass, with the columns of the library:
    $ xform-native apply -i library.smi.gz -o out --xf-config configs/transforms.yaml --xf-name all --keep-columns all
  A very large library, with the filter sized for the products to come; check first:
    $ xform-native apply -i library.parquet -o out --xf-config configs/transforms.yaml --xf-name all \\
        --use-bloom-filter --bloom-expected-items 500000000 --target-memory 8GiB --dry-run
  The second of seven parts of the library, for xform-native merge:
    $ xform-native apply -i library.parquet -o shards/2 --xf-config configs/transforms.yaml --xf-name all --shard 2/7
`;

async function run(flags: Flags, isProgressGiven: boolean): Promise<void> {
  const isolate = flags.isolate ?? true;
  const stop = stopOnSignals(isolate);
  try {
    const options = { ...toOptions(flags), isolate };
    warn(flagsWithoutEffect(flags, options));
    process.exitCode =
      flags.dryRun || flags.explain
        ? endDryRun(await check(options, { explain: flags.explain }), flags)
        : await runAll(options, flags, isProgressGiven, stop.signal);
  } catch (error) {
    fail(error, flags.json === true);
  } finally {
    stop.release();
  }
}

export function endDryRun(report: CheckReport, { json, quiet }: EndFlags): number {
  warn(report.warnings);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else if (!quiet) process.stdout.write(checkText(report) + explanationText(report.explanation ?? []));
  return EXIT_DONE;
}

async function runAll(
  options: ApplyOptions,
  flags: Flags,
  isProgressGiven: boolean,
  signal: AbortSignal,
): Promise<number> {
  const progress = showProgress(flags.quiet && !isProgressGiven ? 'none' : flags.progress, process.stderr);
  let warned: readonly string[] = [];
  const onStart = (report: CheckReport) => {
    // What was chosen is said before hours of work, not after.
    if (!flags.quiet) process.stderr.write(planText(report));
    warn(report.warnings);
    warned = report.warnings;
  };
  try {
    const summary = await apply(options, { signal, onStart, onProgress: progress.update });
    progress.end();
    warn(summary.warnings.filter((warning) => !warned.includes(warning)));
    return endRun(summary, flags);
  } finally {
    progress.end();
  }
}

export function endRun(summary: Summary, { json, quiet, maxRejects }: EndFlags): number {
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (!quiet) process.stdout.write(summaryText(summary, process.stdout));
  if (maxRejects === undefined || summary.rejected_rows <= maxRejects) return EXIT_DONE;
  process.stderr.write(
    `error: ${summary.rejected_rows} rows were rejected, more than --max-rejects ${maxRejects}; ` +
      `${summary.files.rejects.file} says why\n`,
  );
  return EXIT_REJECTS;
}

export function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}

function toOptions(flags: Flags): ApplyOptions {
  const { useBloomFilter, keepColumns, dryRun, explain, quiet, json, progress, xfName = [], ...rest } = flags;
  return {
    ...rest,
    xfName,
    dedup: dedupMode(flags.dedup, useBloomFilter),
    keepColumns: keepColumns === undefined || keepColumns === 'all' ? keepColumns : keepColumns.split(','),
  };
}

/** What was given for a Bloom filter that there will not be. */
function flagsWithoutEffect(flags: Flags, { dedup }: ApplyOptions): string[] {
  if (dedup === 'bloom') return [];
  return (['bloomExpectedItems', 'bloomFpRate'] as const)
    .filter((option) => flags[option] !== undefined)
    .map((option) => `${flagOf(option)} has no effect without --dedup bloom`);
}

function dedupMode(dedup: DedupMode | undefined, useBloomFilter: true | undefined): DedupMode | undefined {
  if (!useBloomFilter) return dedup;
  if (dedup !== undefined && dedup !== 'bloom') {
    throw invalidOption('--use-bloom-filter', `is the same as --dedup bloom, and --dedup ${dedup} says otherwise`);
  }
  return 'bloom';
}

export function byDefault(value: number | string): string {
  return `(default: ${value})`;
}
