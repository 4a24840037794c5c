/** `xform-native demo`: a first run, with a library and a rule of the package. */
import { relative } from 'node:path';
import type { Command } from 'commander';
import type { Path } from '../../index';
import { apply } from '../apply';
import { gallery } from '../gallery';
import { shownPath } from '../paths';
import { plantsFile, transformsFile } from '../shipped';
import { path } from './arguments';
import { EXIT_DONE } from './exit';
import { declareFlags, type FrontFlags } from './flags';
import { showRun, warn } from './run';
import { runUntilStopped } from './signals';
import { stopStatuses } from './texts';

const FOLDER = 'xform-native-demo';
const RULE = 'OH_to_OMe';

type Flags = FrontFlags & { force?: true };

export function declareDemo(command: Command): void {
  command
    .description(
      'Methylate the phenols of 1,000 plant natural products, which are part of the package, and show the products as an ' +
        'HTML page.',
    )
    .summary('a first run, without a library of your own')
    .usage('[folder] [options]')
    .argument('[folder]', 'folder for the results', path, FOLDER)
    .allowExcessArguments(false);
  declareFlags(command, 'demo')
    .addHelpText('after', epilogue)
    .action((folder: Path, flags: Flags) => run(folder, flags));
}

const epilogue = `
It is the same as these two commands, with the files of the package:
  $ xform-native apply -i plants-1k.parquet -o ${FOLDER} \\
      --xf-config transforms.yaml --xf-name ${RULE} --properties quick
  $ xform-native gallery ${FOLDER}

Exit status:
  0 done   1 the run failed   2 usage
${stopStatuses}
`;

function run(folder: Path, flags: Flags): Promise<void> {
  return runUntilStopped(true, flags.json === true, async (signal) => {
    const { force } = flags;
    const options = {
      input: plantsFile,
      outdir: folder,
      xfConfig: transformsFile,
      xfName: RULE,
      properties: 'quick',
      force,
      isolate: true,
    };
    const status = await showRun(flags, signal, (control) => apply(options, control));
    if (status !== EXIT_DONE) return status;
    const { files, warnings } = await gallery(folder, { force }, { signal });
    warn(warnings);
    if (!flags.json && !flags.quiet) process.stdout.write(nextText(files[0]?.file ?? shownPath(folder)));
    return status;
  });
}

/** Where the page is, and three commands to go on with. */
function nextText(page: string): string {
  const rules = relative('', transformsFile);
  return `
Open ${page} in a browser.

Next:
  What does a rule do to a molecule of mine?
    $ npx xform-native try 'Oc1ccc(CCO)cc1' -c ${rules} --xf-name ${RULE}
  Which rules are there?
    $ npx xform-native rules list --search ether
  Apply one to my library:
    $ npx xform-native apply -i LIBRARY -o out -c ${rules} --xf-name ${RULE}
`;
}
