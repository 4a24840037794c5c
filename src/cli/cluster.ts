/** `xform-native cluster`: a scheduler, executors, and runs on them. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { ClusterApplyOptions, Path } from '../../index';
import { check } from '../apply';
import { clusterApply, clusterProgram, serve } from '../cluster';
import { toJson } from '../options/arguments';
import { defaultsOf } from '../options/table';
import { EXIT_DONE } from './exit';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { printableText } from './printable';
import { endDryRun, showRun, warn } from './run';
import { runUntilStopped } from './signals';

const loopback = ['127.0.0.1', 'localhost', '::1'];

export function declareCluster(command: Command): void {
  command
    .description('Apply transforms on several machines, with Apache DataFusion Ballista.')
    .summary('a scheduler, executors, and runs on them')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', epilogue);
  declareScheduler(command.command('scheduler'));
  declareExecutor(command.command('executor'));
  declareClusterApply(command.command('apply'));
}

const epilogue = `
Requires the package @xform-native/cluster. All machines must see the output
folder (or --scratch of cluster apply) under the same path. Ballista neither
authenticates nor encrypts: whoever reaches a port can run jobs and read
results. All addresses therefore default to loopback; docs/scale.md explains how
to secure the network.

Example, with each line in a separate terminal:
  $ xform-native cluster scheduler
  $ xform-native cluster executor
  $ xform-native cluster apply -i library.parquet -o out -c transforms.yaml \\
      --xf-name all
`;

interface ServerFlags {
  host?: string;
  scratch?: Path;
}

function declareScheduler(command: Command): void {
  command
    .description('Run a scheduler until it is stopped.')
    .summary('hand out the tasks of runs')
    .allowExcessArguments(false);
  declareFlags(command, 'scheduler').action((flags: ServerFlags) => serveUntilStopped('scheduler', flags));
}

function declareExecutor(command: Command): void {
  command
    .description('Run an executor until it is stopped.')
    .summary('run RDKit on the tasks of a scheduler')
    .allowExcessArguments(false);
  declareFlags(command, 'executor').action(async (flags: ServerFlags) => {
    const own = join(tmpdir(), `xform-executor-${process.pid}`);
    try {
      await serveUntilStopped('executor', { scratch: own, ...flags });
    } finally {
      if (flags.scratch === undefined) rmSync(own, { recursive: true, force: true });
    }
  });
}

function serveUntilStopped(role: 'scheduler' | 'executor', flags: ServerFlags): Promise<void> {
  const host = flags.host ?? String(defaultsOf(role)['host']);
  if (!loopback.includes(host)) {
    warn([`whoever reaches ${host} can run jobs here and read their results: nothing is authenticated or encrypted`]);
  }
  return runUntilStopped(true, false, async (signal) => {
    const show = (address: string) => process.stderr.write(printableText(`${role} at ${address}\n`));
    await serve(role, toJson(role, flags), show, signal);
    return EXIT_DONE;
  });
}

type ApplyFlags = ClusterApplyOptions & FrontFlags;

function declareClusterApply(command: Command): void {
  command
    .description('Apply transforms to every molecule of a library, on a cluster. Writes the same files as apply.')
    .summary('apply transforms to a library on a cluster')
    .usage('-i <file> -o <folder> -c <file> --xf-name <name> ...')
    .allowExcessArguments(false);
  declareFlags(command, 'clusterApply').action((flags: ApplyFlags) => run(flags));
}

function run(flags: ApplyFlags): Promise<void> {
  return runUntilStopped(true, flags.json === true, async (signal) => {
    clusterProgram();
    const options = withoutFront('clusterApply', flags);
    if (!flags.dryRun) return showRun(flags, signal, (control) => clusterApply(options, control));
    return endDryRun(await check(withoutFront('apply', options)), flags);
  });
}
