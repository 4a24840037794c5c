/** `xform-native merge`: one result out of the shards of a library. */
import type { Command } from 'commander';
import type { MergeOptions, Path } from '../../index';
import { merge } from '../merge';
import { paths } from './arguments';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { showRun } from './run';
import { runUntilStopped } from './signals';
import { stopStatuses } from './texts';

type Flags = Omit<MergeOptions, 'shards'> & FrontFlags;

export function declareMerge(command: Command): void {
  command
    .description(
      'Merge the shards of a library into one result, byte for byte the same as a single run over the whole library.',
    )
    .summary('merge shards into one result')
    .usage('<shard>... -o <folder> [options]')
    .argument('<shard...>', 'output folders of all shards (apply --shard i/n), in any order', paths);
  declareFlags(command, 'merge')
    .addHelpText('after', epilogue)
    .action((shards: Path[], flags: Flags) => run(shards, flags));
}

const epilogue = `
Shards that are missing, duplicate, unfinished, changed, of a different library,
or made with different options, transforms or versions are refused. The same
command starts a stopped or killed merge over, and shows the summary of a
finished one.

Exit status:
  0 done   1 the merge failed   2 usage, or shards that cannot be merged
  3 done, but every row was rejected
${stopStatuses}

Example:
  $ xform-native merge shards/* -o out
`;

function run(shards: Path[], flags: Flags): Promise<void> {
  const options = { ...withoutFront('merge', flags), shards };
  return runUntilStopped(false, flags.json === true, (signal) =>
    showRun(flags, signal, (control) => merge(options, control)),
  );
}
