/** `xform-native apply`: translates its flags for the public API, which can do everything that the flags can. */
import type { Command } from 'commander';
import type { ApplyOptions, CheckDetail, DedupMode } from '../../index';
import { apply, check } from '../apply';
import { invalidOption } from '../errors';
import { flagOf } from '../options/spelling';
import { flagsOf, optionsOf } from '../options/table';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { endDryRun, showRun, warn } from './run';
import { runUntilStopped } from './signals';
import { hasStream } from './stream';
import { stopStatuses } from './texts';

type Flags = ApplyOptions & FrontFlags;

export function declareApply(command: Command): void {
  command
    .description('Apply transforms to every molecule of a library.')
    .summary('apply transforms to a library')
    .usage('-i <file> -o <folder> -c <file> --xf-name <name> ...')
    .allowExcessArguments(false);
  declareFlags(command, 'apply')
    .addHelpText('after', epilogue)
    .action((flags: Flags) => run(flags));
}

const epilogue = `
The summary table goes to stdout, all other messages to stderr.

Exit status:
  0 done   1 the run failed   2 usage or configuration
  3 done, but with more rejected rows than --max-rejects, or with every row
    rejected (a shard only warns of that)
${stopStatuses}
A stopped run leaves no file under its final name, and --resume continues it.
Without a terminal, as under nohup, SIGHUP does not stop the run.

Examples:
  One transform, each product once:
    $ xform-native apply -i library.parquet -o out -c configs/transforms.yaml \\
        --xf-name FG_PHENOL_OH__OH__TO__OMe
  All transforms of the file in one pass, with the columns of the library:
    $ xform-native apply -i library.smi.gz -o out -c configs/transforms.yaml \\
        --xf-name all --keep-columns all
  A very large library, with a filter for the expected products; check first:
    $ xform-native apply -i library.parquet -o out -c configs/transforms.yaml \\
        --xf-name all --use-bloom-filter --bloom-expected-items 500000000 \\
        --target-memory 8GiB --dry-run
  All files of a folder, or that match a pattern, as one library; and a stream:
    $ xform-native apply -i data/2024 -i 'data/2025/*.smi.gz' -o out \\
        -c configs/transforms.yaml --xf-name all
    $ zcat library.smi.gz | head -1000 | xform-native apply -i - -o out \\
        -c configs/transforms.yaml --xf-name all
  The second of seven parts of the library, for xform-native merge:
    $ xform-native apply -i library.parquet -o shards/2 --shard 2/7 \\
        -c configs/transforms.yaml --xf-name all
`;

const NOT_ISOLATED =
  'the input is a stream, which another process could not go on reading, so a molecule that crashes RDKit ends the run';

function run(flags: Flags): Promise<void> {
  const isStreamed = hasStream(flags.input);
  const isolate = flags.isolate ?? !isStreamed;
  return runUntilStopped(isolate, flags.json === true, async (signal) => {
    const options = { ...withoutFront('apply', flags), dedup: dedupMode(flags), isolate };
    warn([
      ...flagsWithoutEffect(options),
      ...flagsOfDryRun(flags),
      ...(isStreamed && flags.isolate === undefined ? [NOT_ISOLATED] : []),
    ]);
    if (flags.dryRun || flags.explain) return endDryRun(await check(options, dryRun(flags, signal)), flags);
    return showRun(flags, signal, (control) => apply(options, control));
  });
}

/** The given flags that have no effect without a dry run. */
function flagsOfDryRun({ dryRun, explain, sample, seed }: Flags): string[] {
  const given = Object.entries({ sample, seed }).filter(([, value]) => value !== undefined && !dryRun && !explain);
  return given.map(([name]) => `${flagOf(name)} has no effect without ${flagOf('dryRun')}`);
}

/** What a dry run reports. */
function dryRun({ explain, sample, seed }: Flags, signal: AbortSignal): CheckDetail {
  const [defaultSample, defaultSeed] = ['sample', 'seed'].map(defaultOf);
  return { explain, sample: sample ?? defaultSample, seed: seed ?? defaultSeed, signal };
}

function defaultOf(flag: string): number {
  return Number(flagsOf('apply').find(({ name }) => name === flag)?.default);
}

/** The given flags that have no effect without another option. */
function flagsWithoutEffect(given: ApplyOptions): string[] {
  const values: Readonly<Record<string, unknown>> = { ...given };
  return optionsOf('apply').flatMap(({ name, onlyWith }) => {
    if (onlyWith === null || values[name] === undefined || values[onlyWith[0]] === onlyWith[1]) return [];
    return [`${flagOf(name)} has no effect without ${flagOf(onlyWith[0])} ${onlyWith[1]}`];
  });
}

function dedupMode({ dedup, useBloomFilter }: Flags): DedupMode | undefined {
  if (!useBloomFilter) return dedup;
  if (dedup !== undefined && dedup !== 'bloom') {
    throw invalidOption('useBloomFilter', `is the same as \`dedup\` bloom, and \`dedup\` ${dedup} contradicts it`);
  }
  return 'bloom';
}
