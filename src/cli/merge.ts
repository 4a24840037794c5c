/** `xform-native merge`: one result out of the shards of a library. */
import type { Command } from 'commander';
import { merge } from '../merge';
import { defaultApplyOptions as defaults } from '../options';
import { path, paths } from './arguments';
import { declareReport, type ReportFlags } from './progress';
import { showRun } from './run';
import { runUntilStopped } from './signals';
import { byDefault } from './values';

interface Flags extends ReportFlags {
  outdir: string | Buffer;
  force?: true;
  scratch?: string | Buffer;
  targetMemory?: string;
}

export function declareMerge(command: Command): void {
  command
    .description('Make one result out of the shards of a library: the bytes that one run over all of it writes.')
    .summary('make one result out of shards')
    .usage('<shard>... -o <folder> [options]')
    .argument('<shard...>', 'output folders of all shards (apply --shard i/n), in any order', paths)
    .option('-o, --outdir <folder>', 'folder for products.parquet, rejects.parquet and SUMMARY.json', path)
    .option('--force', 'replace the files of an earlier run or merge')
    .option('--scratch <folder>', 'folder for what is spilled to disk (default: one inside the output folder)', path)
    .option(
      '--target-memory <size>',
      `memory to stay below: per cent of the machine, or a size such as 2GiB ${byDefault(defaults.targetMemory)}`,
    );
  declareReport(command)
    .addHelpText('after', epilogue)
    .action((shards: (string | Buffer)[], flags: Flags) => run(shards, flags));
}

const epilogue = `
Shards that are missing, double, unfinished, changed, of another library, or made with other options, transforms or versions
are refused. The same command starts a stopped or killed merge over, and shows the summary of one that had finished.

Exit status:
  0 done   1 the merge failed   2 usage, or shards that cannot be merged   3 done, and every row was rejected
  130 interrupted (SIGINT)   143 terminated (SIGTERM)   138, 140 stopped by SIGUSR1, SIGUSR2   129 its terminal closed
  (SIGHUP)

Example:
  $ xform-native merge shards/* -o out
`;

function run(shards: (string | Buffer)[], flags: Flags): Promise<void> {
  const { quiet, json, progress, ...options } = flags;
  return runUntilStopped(false, json === true, (signal) =>
    showRun(flags, signal, (control) => merge({ ...options, shards }, control)),
  );
}
