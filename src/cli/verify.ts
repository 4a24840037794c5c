/** `xform-native verify`: checks whether the files of a run are as its summary describes them. */
import type { Command } from 'commander';
import type { VerifyReport } from '../../index';
import { verify } from '../verify';
import { path } from './arguments';
import { EXIT_DONE, EXIT_FAILED, fail } from './exit';
import { declareFlags, type FrontFlags } from './flags';
import { widest } from './format';
import { hanging } from './lines';
import { printable, printableJson } from './printable';
import { screenWidth } from './terminal';

export function declareVerify(command: Command): void {
  command
    .description('Check that the files of a finished run are intact and match SUMMARY.json.')
    .summary('check the files of a finished run')
    .argument('<folder>', 'output folder of the run', path)
    .allowExcessArguments(false);
  declareFlags(command, 'verify').addHelpText('after', epilogue).action(run);
}

const epilogue = `
Exit status:
  0 all is well   1 something is wrong   2 usage

Example:
  $ xform-native verify out
`;

async function run(folder: string | Buffer, { json }: FrontFlags): Promise<void> {
  try {
    const report = await verify(folder);
    process.stdout.write(json ? `${printableJson(report)}\n` : verifyText(printable(report), screenWidth()));
    process.exitCode = report.ok ? EXIT_DONE : EXIT_FAILED;
  } catch (error) {
    fail(error, json === true);
  }
}

export function verifyText({ checks, advice }: VerifyReport, width: number): string {
  const nameWidth = widest(checks.map(({ name }) => name));
  const lines = checks.map(
    ({ name, ok, detail }) => `${ok ? 'ok    ' : 'failed'}  ${name.padEnd(nameWidth)}  ${detail}`,
  );
  const text = [...lines.map((line) => line.trimEnd()), ...(advice === null ? [] : ['', advice])];
  return `${text.flatMap((line) => hanging(line, width)).join('\n')}\n`;
}
