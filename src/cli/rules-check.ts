/** `xform-native rules check`: says what is wrong or odd about rules. */
import type { Command } from 'commander';
import type { CheckRulesOptions } from '../../index';
import { checkRules } from '../check-rules';
import { paths } from './arguments';
import { EXIT_DONE, EXIT_USAGE } from './exit';
import { findingsText } from './findings';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { printable, printableJson } from './printable';
import { rowCounter } from './progress';
import { runUntilStopped } from './signals';
import { screenWidth } from './terminal';
import { stopStatuses } from './texts';

type Flags = Omit<CheckRulesOptions, 'files'> & FrontFlags & { strict?: true };

export function declareRulesCheck(command: Command): void {
  command
    .description(
      'Check transform files: what is wrong, and what is probably not meant. docs/rules.md explains each code.',
    )
    .summary('check transform files')
    .argument('<files...>', 'the transform files', paths)
    .allowExcessArguments(false);
  declareFlags(command, 'checkRules').addHelpText('after', epilogue).action(run);
}

const epilogue = `
With --library, each rule is tried alone on the sample. RDKit then runs in this
process: a molecule that crashes it ends the check.

Exit status:
  0 no error   2 an error, a warning with --strict, or usage
${stopStatuses}

Examples:
  $ xform-native rules check configs/transforms.yaml
  $ xform-native rules check mine.yaml --library library.parquet --sample 10000
`;

function run(files: (string | Buffer)[], flags: Flags): Promise<void> {
  return runUntilStopped(false, flags.json === true, async (signal) => {
    const counter = rowCounter('tried ');
    const report = await checkRules(
      { ...withoutFront('checkRules', flags), files },
      { signal, onProgress: counter?.update },
    );
    counter?.end();
    process.stdout.write(flags.json ? `${printableJson(report)}\n` : findingsText(printable(report), screenWidth()));
    const isRefused = report.errors > 0 || (flags.strict === true && report.warnings > 0);
    return isRefused ? EXIT_USAGE : EXIT_DONE;
  });
}
