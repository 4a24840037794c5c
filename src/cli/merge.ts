/** `xform-native merge`: one result out of the shards of a library. */
import type { Command } from 'commander';
import type { Summary } from '../../index';
import { merge } from '../merge';
import { defaultApplyOptions as defaults } from '../options';
import { warn } from './apply';
import { EXIT_DONE, fail } from './exit';
import { declareReport, type ReportFlags, showProgress } from './progress';
import { summaryText } from './report';
import { stopOnSignals } from './signals';

interface Flags extends ReportFlags {
  outdir: string;
  force?: true;
  scratch?: string;
  targetMemory?: string;
}

export function declareMerge(command: Command): void {
  command
    .description('Make one result out of the shards of a library: the bytes that one run over all of it writes.')
    .summary('make one result out of shards')
    .usage('<shard>... -o <folder> [options]')
    .argument('<shard...>', 'output folders of all shards (apply --shard i/n), in any order')
    .option('-o, --outdir <folder>', 'folder for products.parquet, rejects.parquet and SUMMARY.json')
    .option('--force', 'replace the files of an earlier run or merge')
    .option('--scratch <folder>', 'folder for what is spilled to disk (default: one inside the output folder)')
    .option(
      '--target-memory <size>',
      `memory to stay below: per cent of the machine, or a size such as 2GiB (default: ${defaults.targetMemory})`,
    );
  declareReport(command)
    .addHelpText('after', epilogue)
    .action((shards: string[], flags: Flags, self: Command) =>
      run(shards, flags, self.getOptionValueSource('progress') === 'cli'),
    );
}

const epilogue = `
Shards that are missing, double, unfinished, changed, of another library, or made with other options, transforms or versions
are refused. A merge that was stopped or killed is begun anew with the same command.

Exit status:
  0 done   1 the merge failed   2 usage, or shards that cannot be merged   130 interrupted (SIGINT)   143 terminated (SIGTERM)

Example:
  $ xform-native merge shards/* -o out
`;

async function run(shards: string[], flags: Flags, isProgressGiven: boolean): Promise<void> {
  const { quiet, json, progress: mode, ...options } = flags;
  const stop = stopOnSignals(false);
  const progress = showProgress(quiet && !isProgressGiven ? 'none' : mode, process.stderr);
  try {
    const summary = await merge({ ...options, shards }, { signal: stop.signal, onProgress: progress.update });
    progress.end();
    show(summary, flags);
    process.exitCode = EXIT_DONE;
  } catch (error) {
    progress.end();
    fail(error, json === true);
  } finally {
    stop.release();
  }
}

function show(summary: Summary, { json, quiet }: Flags): void {
  warn(summary.warnings);
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (!quiet) process.stdout.write(summaryText(summary, process.stdout));
}
