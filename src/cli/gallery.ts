/** `xform-native gallery`: the molecules of a run or a table as HTML, products beside their parents. */
import type { Command } from 'commander';
import type { GalleryOptions, GallerySummary, Path } from '../../index';
import { gallery } from '../gallery';
import { path } from './arguments';
import { EXIT_DONE } from './exit';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { alignColumns, count, fileLines } from './format';
import { printable, printableJson } from './printable';
import { rowCounter } from './progress';
import { warn } from './run';
import { runUntilStopped } from './signals';
import { stopStatuses } from './texts';

type Flags = GalleryOptions & FrontFlags;

export function declareGallery(command: Command): void {
  command
    .description(
      'Show the products of a finished run beside their parents, or the molecules of any table or library, as an HTML ' +
        'page to sort, search, filter and select in.',
    )
    .summary('show molecules as an HTML page')
    .usage('<folder or file> [options]')
    .argument(
      '<folder or file>',
      'output folder of a run, or a file with molecules in any format that apply reads',
      path,
    )
    .allowExcessArguments(false);
  declareFlags(command, 'gallery')
    .addHelpText('after', epilogue)
    .action((input: Path, flags: Flags) => run(input, flags));
}

const epilogue = `
The page contains all that it shows, so it can be sent and opened without a
network. RDKit draws the molecules in this process.

Exit status:
  0 done   1 the gallery failed   2 usage, or a table that cannot be read
${stopStatuses}

Examples:
  The first 500 products of a run, as out/gallery.html:
    $ xform-native gallery out
  Light products with a free amine highlighted:
    $ xform-native gallery out -o amines.html --where 'MW < 300' --query '[NX3;H2]'
  All molecules of a library, in pages of 500:
    $ xform-native gallery library.smi.gz --limit 10000
  A picture for a slide:
    $ xform-native gallery out --grid 5x4 -o slide.png
`;

function run(input: Path, flags: Flags): Promise<void> {
  return runUntilStopped(false, flags.json === true, async (signal) => {
    const options = withoutFront('gallery', flags);
    const counter = flags.quiet ? undefined : rowCounter('');
    const summary = await gallery(input, options, { signal, onProgress: counter?.update });
    counter?.end();
    warn(summary.warnings);
    if (flags.json) process.stdout.write(`${printableJson(summary)}\n`);
    else if (!flags.quiet) process.stdout.write(galleryText(printable(summary)));
    return EXIT_DONE;
  });
}

export function galleryText(summary: GallerySummary): string {
  const { input, rows_total, rows, rows_shown, queries, files } = summary;
  const met = rows === rows_total ? '' : `, ${count(rows)} meet the condition`;
  const matches = queries.map(({ smarts, molecules }) => [smarts, `${count(molecules)} molecules match`]);
  const lines = [
    input,
    `${count(rows_total)} rows${met}, ${count(rows_shown)} shown`,
    ...alignColumns(matches),
    ...fileLines(files, ({ molecules }) => `${count(molecules)} molecules`),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
