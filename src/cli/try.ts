/** `xform-native try`: shows what transforms do to a few molecules. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { MoleculeTrial, TransformTrial, TryOptions } from '../../index';
import { invalidOption } from '../errors';
import { tryTransform } from '../try-transform';
import { EXIT_DONE } from './exit';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { count } from './format';
import { shortened, wrapped } from './lines';
import { printable, printableJson } from './printable';
import { runUntilStopped } from './signals';
import { type Column, tableLines } from './table';
import { screenWidth } from './terminal';
import { stopStatuses } from './texts';

type Flags = TryOptions & FrontFlags & { svg?: string | Buffer };

export function declareTry(command: Command): void {
  command
    .description('Try transforms on a few molecules: their sites, and what each makes.')
    .summary('try transforms on a few molecules')
    .argument('[smiles...]', 'molecules; those of a file are given with --input')
    .allowExcessArguments(false);
  declareFlags(command, 'tryTransform').addHelpText('after', epilogue).action(run);
}

const epilogue = `
The atoms of a site are in the order of the template, each with its index in the
molecule. RDKit runs in this process: a molecule that crashes it ends the
command.

Exit status:
  0 done   2 usage or configuration
${stopStatuses}

Examples:
  $ xform-native try 'Oc1ccccc1' --smirks '[c:1][OX2H:2]>>[c:1][O:2]C'
  $ xform-native try -i library.smi --limit 5 -c transforms.yaml --xf-name all
`;

function run(smiles: string[], flags: Flags): Promise<void> {
  return runUntilStopped(false, flags.json === true, async (signal) => {
    const { svg } = flags;
    const molecules = await tryTransform(smiles, withoutFront('tryTransform', flags), {
      signal,
      svg: svg !== undefined,
    });
    if (svg !== undefined) writePicture(svg, molecules);
    process.stdout.write(
      flags.json ? `${printableJson({ molecules })}\n` : trialsText(printable(molecules), screenWidth()),
    );
    return EXIT_DONE;
  });
}

/** @throws {OptionError} unless there is one molecule with a product. */
function writePicture(file: string | Buffer, molecules: readonly MoleculeTrial[]): void {
  const [molecule, ...others] = molecules;
  if (others.length > 0) throw invalidOption('svg', 'shows a single molecule; give one, or use `limit` 1');
  if (!molecule?.svg) throw invalidOption('svg', 'has nothing to show: there is no product');
  writeFileSync(file, molecule.svg);
}

const INDENT = '  ';
/** Sites of a molecule that are shown; `--json` has all. */
const SHOWN = 20;
/** Decimals of a property; `--json` has all. */
const DECIMALS = 3;

const columns: Column[] = [{ head: 'site' }, { head: 'atoms', least: 12 }, { head: 'product', least: 20 }];
/** What a product always has; the table shows the SMILES, and the site has the rest. */
const always: ReadonlySet<string> = new Set([
  'smiles',
  'product_index',
  'xf_site_index',
  'xf_site_atoms',
  'xf_site_count',
  'product_site_atoms',
]);

/** A paragraph for each molecule. */
export function trialsText(molecules: readonly MoleculeTrial[], width: number): string {
  return molecules.map((molecule) => `${moleculeLines(molecule, width).join('\n')}\n`).join('\n');
}

function moleculeLines({ source_row, source_smiles, rejects, transforms }: MoleculeTrial, width: number): string[] {
  const row = source_row === null ? '' : `row ${source_row}: `;
  const refused = rejects.map(({ code, reason }) => `rejected: ${code}: ${reason}`);
  const below = [
    ...refused.flatMap((text) => wrapped(text, width - INDENT.length)),
    ...transforms.flatMap((trial) => transformLines(trial, width - INDENT.length)),
  ];
  return [shortened(row + source_smiles, width), ...below.map((line) => INDENT + line)];
}

function transformLines(trial: TransformTrial, width: number): string[] {
  const { xf_name, sites, products, rejects } = trial;
  const rejected = rejects.filter(({ xf_site_index }) => xf_site_index === null);
  const lines = [
    `${xf_name}: ${counted(sites.length, 'site')}, ${counted(products.length, 'product')}`,
    ...rejected.flatMap(({ code, reason }) => wrapped(`rejected: ${code}: ${reason}`, width - INDENT.length)),
  ];
  if (sites.length === 0) return lines;
  const chosen = Object.keys(products[0] ?? {}).filter((name) => !always.has(name));
  const rows = sites.slice(0, SHOWN).flatMap((site) => siteRows(site, trial, chosen));
  const all = [...columns, ...chosen.map((head, index) => ({ head, least: 8, rank: index + 1 }))];
  const table = tableLines(all, rows, width - INDENT.length).map((line) => INDENT + line);
  const more = sites.length > SHOWN ? [`${INDENT}and ${counted(sites.length - SHOWN, 'more site')}`] : [];
  return [...lines, ...table, ...more];
}

/** A row for each product of a site, with the values of the `chosen` columns, or one that says why it has none. */
function siteRows(
  site: TransformTrial['sites'][number],
  { products, rejects }: TransformTrial,
  chosen: readonly string[],
): string[][] {
  const { xf_site_index: index, atoms, excluded_by } = site;
  const own = ({ xf_site_index }: { xf_site_index: number | null }) => xf_site_index === index;
  const results = [
    ...(excluded_by === null ? [] : [[exclusions[excluded_by] ?? `excluded by ${excluded_by}`]]),
    ...products.filter(own).map((product) => [product.smiles, ...chosen.map((name) => shown(product[name]))]),
    ...rejects.filter(own).map(({ code, reason }) => [`failed: ${code}: ${reason}`]),
  ];
  const [first = ['same as an earlier site'], ...others] = results;
  const text = atoms.map(({ index: atom, symbol }) => `${atom} ${symbol}`).join(', ');
  return [[String(index), text, ...first], ...others.map((result) => ['', '', ...result])];
}

function shown(value: TransformTrial['products'][number][string] | undefined): string {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(DECIMALS) : String(value ?? '');
}

const exclusions: Readonly<Record<string, string>> = {
  query: 'excluded by query_smarts',
  not_smarts: 'excluded by not_smarts',
  sugar: 'excluded: in a sugar',
  limit: 'excluded: beyond max_sites_per_mol',
};

function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? '' : 's'}`;
}
