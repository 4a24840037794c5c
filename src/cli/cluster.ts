/** `xform-native cluster`: a scheduler, executors, and runs on them. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { DedupMode } from '../../index';
import { check } from '../apply';
import { clusterApply, clusterProgram, serve } from '../cluster';
import { defaultApplyOptions, defaultClusterOptions } from '../options';
import { path, utf8Path } from './arguments';
import { EXIT_DONE } from './exit';
import { declareJob, type JobFlags, toJobOptions } from './job';
import { printableText } from './printable';
import { declareReport } from './progress';
import { endDryRun, type RunFlags, showRun, warn } from './run';
import { runUntilStopped } from './signals';
import { byDefault, wholeNumber } from './values';

const LOOPBACK = '127.0.0.1';
const EXECUTOR_TIMEOUT_SECONDS = 30;

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
It takes the package @xform-native/cluster. Library and output folder must be seen by all machines under the same path.
Ballista neither authenticates nor encrypts: whoever reaches a port can run jobs and read results. So all addresses are
those of the loopback unless told otherwise, and docs/scale.md says what to do about the network.

Example, with each line in a separate terminal:
  $ xform-native cluster scheduler
  $ xform-native cluster executor
  $ xform-native cluster apply -i library.parquet -o out --xf-config configs/transforms.yaml --xf-name all
`;

interface SchedulerFlags {
  host: string;
  externalHost?: string;
  port: number;
  executorTimeout: number;
}

function declareScheduler(command: Command): void {
  command
    .description('Run a scheduler until it is stopped.')
    .summary('hand out the tasks of runs')
    .allowExcessArguments(false)
    .option('--host <address>', 'address to bind to', LOOPBACK)
    .option('--external-host <name>', 'name under which executors reach this machine (default: --host)')
    .option('--port <n>', 'port; 0 for any that is free', wholeNumber, 50050)
    .addOption(executorTimeout())
    .helpOption('-h, --help', 'print this help')
    .action((flags: SchedulerFlags) => {
      warnOfNetwork(flags.host);
      return serveUntilStopped('scheduler', flags);
    });
}

interface ExecutorFlags {
  scheduler: string;
  host: string;
  externalHost?: string;
  port: number;
  workers?: number;
  scratch?: string;
  targetMemory?: string;
  executorTimeout: number;
}

function declareExecutor(command: Command): void {
  command
    .description('Run an executor until it is stopped.')
    .summary('run RDKit on the tasks of a scheduler')
    .allowExcessArguments(false)
    .option('--scheduler <host:port>', 'the scheduler', defaultClusterOptions.scheduler)
    .option('--host <address>', 'address to bind to', LOOPBACK)
    .option('--external-host <name>', 'name under which others reach this machine (default: --host)')
    .option('--port <n>', 'port for results; 0 for any that is free', wholeNumber, 0)
    .option('--workers <n>', 'tasks at a time (default: available parallelism)', wholeNumber)
    .option('--scratch <folder>', "folder for shuffled data (default: one in the system's temporary folder)", utf8Path)
    .option(
      '--target-memory <size>',
      'memory for the tables and sorts of its tasks: per cent of the machine, or a size such as 2GiB ' +
        `${byDefault(defaultApplyOptions.targetMemory)}`,
    )
    .addOption(executorTimeout())
    .helpOption('-h, --help', 'print this help')
    .action(async (flags: ExecutorFlags) => {
      warnOfNetwork(flags.host);
      const own = join(tmpdir(), `xform-executor-${process.pid}`);
      try {
        await serveUntilStopped('executor', { ...flags, scratch: flags.scratch ?? own });
      } finally {
        if (flags.scratch === undefined) rmSync(own, { recursive: true, force: true });
      }
    });
}

function executorTimeout(): Option {
  return new Option(
    '--executor-timeout <seconds>',
    'silence after which an executor counts as lost, 6 or more; use the same for scheduler and executors',
  )
    .argParser(wholeNumber)
    .default(EXECUTOR_TIMEOUT_SECONDS);
}

function warnOfNetwork(host: string): void {
  if (host === LOOPBACK || host === 'localhost' || host === '::1') return;
  warn([`whoever reaches ${host} can run jobs here and read their results: nothing is authenticated or encrypted`]);
}

function serveUntilStopped(role: 'scheduler' | 'executor', options: object): Promise<void> {
  return runUntilStopped(true, false, async (signal) => {
    await serve(role, options, (address) => process.stderr.write(printableText(`${role} at ${address}\n`)), signal);
    return EXIT_DONE;
  });
}

interface ApplyFlags extends JobFlags, RunFlags {
  scheduler: string;
  partitions: number;
  sort?: true;
  dedup?: DedupMode;
  maxAtoms?: number;
  maxProductsPerMol?: number;
  targetMemory?: string;
  outdir: string | Buffer;
  force?: true;
  scratch?: string | Buffer;
  dryRun?: true;
}

function declareClusterApply(command: Command): void {
  command
    .description('Apply transforms to every molecule of a library, on a cluster: the same files as of a run here.')
    .summary('apply transforms to a library on a cluster')
    .usage('-i <file> -o <folder> --xf-config <file> --xf-name <name> [options]')
    .allowExcessArguments(false);
  declareJob(command)
    .optionsGroup('Cluster:')
    .option('--scheduler <host:port>', 'the scheduler', defaultClusterOptions.scheduler)
    .option(
      '--partitions <n>',
      'parts of the library and of the keys, tasks of each stage; no effect on the output',
      wholeNumber,
      defaultClusterOptions.partitions,
    )

    .optionsGroup('Deduplication:')
    .addOption(
      new Option(
        '--dedup <mode>',
        `exact: each product of a transform once; none ${byDefault(defaultApplyOptions.dedup)}`,
      ).choices(['exact', 'none']),
    )

    .optionsGroup('Limits:')
    .option('--max-rejects <rows>', 'rejected rows beyond which the exit status is 3 (default: no limit)', wholeNumber)
    .option(
      '--max-atoms <n>',
      `atoms beyond which a molecule is a reject ${byDefault(defaultApplyOptions.maxAtoms)}`,
      wholeNumber,
    )
    .option(
      '--max-products-per-mol <n>',
      'products of a transform beyond which a molecule is a reject (default: no limit)',
      wholeNumber,
    )
    .option(
      '--target-memory <size>',
      `memory that this process stays below, as of apply ${byDefault(defaultApplyOptions.targetMemory)}`,
    )

    .optionsGroup('Output:')
    .option('-o, --outdir <folder>', 'folder for products.parquet, rejects.parquet and SUMMARY.json', path)
    .option('--sort', 'products in the order of the input (default: in the order of their keys)')
    .option('--force', 'replace the files of an earlier run')
    .option(
      '--scratch <folder>',
      'folder for the library on its way, seen by all executors (default: in --outdir)',
      path,
    )
    .option('--dry-run', 'check options, transforms and input; nothing is written, and no cluster is asked');
  declareReport(command).action((flags: ApplyFlags) => run(flags));
}

function run(flags: ApplyFlags): Promise<void> {
  return runUntilStopped(true, flags.json === true, async (signal) => {
    clusterProgram();
    const options = toJobOptions(flags);
    if (!flags.dryRun) return showRun(flags, signal, (control) => clusterApply(options, control));
    const { scheduler: _s, partitions: _p, sort: _o, ...job } = options;
    return endDryRun(await check(job), flags);
  });
}
