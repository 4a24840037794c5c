#!/usr/bin/env node
/**
 * The command line: subcommands, and how the process ends. Only a second Ctrl-C calls `process.exit`, so output is
 * flushed.
 */
import { Command, CommanderError } from 'commander';
import { invalidOption } from '../errors';
import { spellAsFlags } from '../options/spelling';
import { version } from '../version';
import { declareApply } from './apply';
import { commandArguments, showTexts } from './arguments';
import { bareUsage } from './bare';
import { declareCluster } from './cluster';
import { declareCompletion } from './completion';
import { declareDemo } from './demo';
import { EXIT_USAGE, fail, writeErrorObject } from './exit';
import { declareExport } from './export';
import { declareGallery } from './gallery';
import { declareMerge } from './merge';
import { refuseRepeatedValues } from './once';
import { printableText } from './printable';
import { declareReport } from './report';
import { declareRules } from './rules';
import { declareSample } from './sample-table';
import { dieOfSigusr1 } from './signals';
import { declareSummarize } from './summarize';
import { goOnWithoutAudience } from './terminal';
import { declareTry } from './try';
import { declareVerify } from './verify';

spellAsFlags();
dieOfSigusr1();
goOnWithoutAudience();

const program = new Command('xform-native')
  .description('Reaction transforms (SMIRKS) over whole molecule libraries: RDKit in native threads, Parquet out.')
  .version(version, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .helpCommand('help [command]', 'print the help of a command')
  .configureOutput({ outputError: (text, write) => write(printableText(text)) })
  .hook('preAction', showTexts)
  .exitOverride();
declareDemo(program.command('demo'));
declareApply(program.command('apply'));
declareMerge(program.command('merge'));
declareVerify(program.command('verify'));
declareExport(program.command('export'));
declareSample(program.command('sample'));
declareSummarize(program.command('summarize'));
declareGallery(program.command('gallery'));
declareReport(program.command('report'));
declareRules(program.command('rules'));
declareTry(program.command('try'));
declareCluster(program.command('cluster'));
declareCompletion(program);
refuseRepeatedValues(program);

const words = commandArguments();
const usage = bareUsage(program, words);
if (usage !== undefined) {
  process.stderr.write(usage);
  process.exitCode = EXIT_USAGE;
} else {
  program.parseAsync(words, { from: 'user' }).catch(stop);
}

function stop(error: unknown): void {
  if (error instanceof CommanderError) endParsing(error);
  else fail(error, wantsJson());
}

/** Help and version succeed; any other reason to stop parsing is a usage error that commander has printed. */
function endParsing({ exitCode, message }: CommanderError): void {
  if (exitCode === 0) return;
  process.exitCode = EXIT_USAGE;
  if (wantsJson()) writeErrorObject(invalidOption('command line', message.replace(/^error: /, '')));
}

function wantsJson(): boolean {
  return process.argv.includes('--json');
}
