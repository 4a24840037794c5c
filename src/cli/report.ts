/** `xform-native report`: one HTML file that shows a finished run. */
import type { Command } from 'commander';
import type { Path, ReportOptions } from '../../index';
import { report } from '../report';
import { path } from './arguments';
import { EXIT_DONE } from './exit';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { bytes } from './format';
import { printable, printableJson } from './printable';
import { runUntilStopped } from './signals';
import { stopStatuses } from './texts';

type Flags = ReportOptions & FrontFlags;

export function declareReport(command: Command): void {
  command
    .description(
      'Write a report on a finished run as one HTML file: where its rows and products went, its speed and memory, ' +
        'properties, the parents that stand out, rejects with pictures.',
    )
    .summary('show a finished run as an HTML file')
    .usage('<folder> [options]')
    .argument('<folder>', 'output folder of the run', path)
    .allowExcessArguments(false);
  declareFlags(command, 'report')
    .addHelpText('after', epilogue)
    .action((outdir: Path, flags: Flags) => run(outdir, flags));
}

const epilogue = `
The file contains all that it shows, so it can be sent and opened without a
network. RDKit draws the molecules in this process.

Exit status:
  0 done   1 the report failed   2 usage, or a folder without a finished run
${stopStatuses}

Examples:
  $ xform-native report out
  $ xform-native report out -o reports/2024-05.html --force
`;

function run(outdir: Path, flags: Flags): Promise<void> {
  return runUntilStopped(false, flags.json === true, async (signal) => {
    const written = await report(outdir, withoutFront('report', flags), { signal });
    const { file, bytes: size } = printable(written);
    if (flags.json) process.stdout.write(`${printableJson(written)}\n`);
    else if (!flags.quiet) process.stdout.write(`${file}  ${bytes(size)}\n`);
    return EXIT_DONE;
  });
}
