/** `xform-native apply`: its flags, and the way from them to the public API, which can do all that the flags can. */
import { type Command, Option } from 'commander';
import type { ApplyOptions, DedupMode } from '../../index';
import { apply, check } from '../apply';
import { invalidOption } from '../errors';
import { defaultApplyOptions as defaults, flagOf } from '../options';
import { path } from './arguments';
import { declareJob, type JobFlags, toJobOptions } from './job';
import { declareReport } from './progress';
import { endDryRun, type RunFlags, showRun, warn } from './run';
import { runUntilStopped } from './signals';
import { byDefault, number, rowNumbers, seconds, wholeNumber } from './values';

interface Flags extends JobFlags, RunFlags {
  shard?: string;
  skipRows?: number[];
  dedup?: DedupMode;
  useBloomFilter?: true;
  bloomExpectedItems?: number;
  bloomFpRate?: number;
  maxAtoms?: number;
  maxProductsPerMol?: number;
  molTimeout?: number;
  isolate?: boolean;
  targetMemory?: string;
  workers?: number;
  batchSize?: number;
  maxInFlight?: number;
  flushInterval?: number;
  outdir: string | Buffer;
  force?: true;
  resume?: true;
  scratch?: string | Buffer;
  dryRun?: true;
  explain?: true;
}

export function declareApply(command: Command): void {
  command
    .description('Apply transforms to every molecule of a library.')
    .summary('apply transforms to a library')
    .usage('-i <file> -o <folder> --xf-config <file> --xf-name <name> [options]')
    .allowExcessArguments(false);
  declareJob(command)
    .optionsGroup('Input:')
    .option('--shard <i/n>', 'the i-th of n equal parts of the rows, from 1/n to n/n; merge makes one result of them')
    .option('--skip-rows <rows>', 'reject these rows unseen: a comma list, counted from 0 (default: none)', rowNumbers)

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
      `reject molecules that take more CPU time than this over all transforms, such as 500ms or 2m; 0 for no limit ${byDefault(`${defaults.molTimeout}s`)}`,
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
    .option('-o, --outdir <folder>', 'folder for products.parquet, rejects.parquet and SUMMARY.json', path)
    .option('--force', 'replace the files of an earlier run')
    .option(
      '--resume',
      'continue an interrupted run in the folder, or start a new one; if it had finished, check its files',
    )
    .option('--scratch <folder>', 'folder for what is spilled to disk (default: one inside the output folder)', path)
    .option('--dry-run', 'check options, transforms and input, and write nothing')
    .option('--explain', 'the same, and say how each transform is carried out');
  declareReport(command)
    .addHelpText('after', epilogue)
    .action((flags: Flags) => run(flags));
}

const epilogue = `
The table goes to stdout, everything else that is said to stderr.

Exit status:
  0 done   1 the run failed   2 usage or configuration
  3 done, with more rejected rows than --max-rejects, or with every row rejected (a shard only warns of that)
  130 interrupted (SIGINT)   143 terminated (SIGTERM)   138, 140 stopped by SIGUSR1, SIGUSR2   129 its terminal closed
  (SIGHUP): no file has its final name, and --resume continues the run. Without a terminal, as under nohup, SIGHUP
  stops nothing.

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

function run(flags: Flags): Promise<void> {
  const isolate = flags.isolate ?? true;
  return runUntilStopped(isolate, flags.json === true, async (signal) => {
    const options = { ...toOptions(flags), isolate };
    warn(flagsWithoutEffect(flags, options));
    if (flags.dryRun || flags.explain) return endDryRun(await check(options, { explain: flags.explain }), flags);
    return showRun(flags, signal, (control) => apply(options, control));
  });
}

function toOptions(flags: Flags): ApplyOptions {
  const { useBloomFilter, explain, ...options } = toJobOptions(flags);
  return { ...options, dedup: dedupMode(flags.dedup, useBloomFilter) };
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
