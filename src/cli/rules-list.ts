/** `xform-native rules list`: the rules of transform files, two lines each. */
import { relative } from 'node:path';
import type { Command } from 'commander';
import type { ListedRule, ListRulesOptions, Path, RulePlace } from '../../index';
import { listRules } from '../rules';
import { paths } from './arguments';
import { fail } from './exit';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { count } from './format';
import { printable, printableJson } from './printable';
import { warn } from './run';
import { type Column, tableLines } from './table';
import { screenWidth } from './terminal';

type Flags = Omit<ListRulesOptions, 'files'> & FrontFlags;

export function declareRulesList(command: Command): void {
  command
    .description(
      'List rules: what each is called, its templates in one line, and what changes. Without a file, those of the ' +
        'package: configs/transforms.yaml and configs/medchem.yaml.',
    )
    .summary('list rules in short')
    .argument('[file...]', 'transform files', paths);
  declareFlags(command, 'listRules')
    .addHelpText('after', epilogue)
    .action((files: Path[] | undefined, flags: Flags) => run(files ?? [], flags));
}

const epilogue = `
In pictures, c is aromatic, C is not, #6 is either, * is any atom, and F/Cl one
of these. Hydrogens are shown where the templates fix them. [!] marks a rule
that RDKit refuses.

Exit status:
  0 done   2 usage or configuration

Examples:
  $ xform-native rules list --search ester
  $ xform-native rules list mine.yaml --family phenol
`;

async function run(files: Path[], flags: Flags): Promise<void> {
  try {
    const listing = await listRules({ ...withoutFront('listRules', flags), files });
    if (flags.json) process.stdout.write(`${printableJson(listing)}\n`);
    else process.stdout.write(listText(printable(listing.rules), screenWidth()));
    warn(listing.notices);
  } catch (error) {
    fail(error, flags.json === true);
  }
}

const upper: readonly Column[] = [
  { head: 'name', least: 16 },
  { head: 'old name', least: 8 },
  { head: 'family', least: 8 },
  { head: 'label', least: 12 },
];
const lower: readonly Column[] = [
  { head: 'picture', least: 24 },
  { head: 'change', least: 16 },
];
const INDENT = '  ';

export function listText(rules: readonly ListedRule[], width: number): string {
  const names = rules.map(({ name, legacy_rule_id, family, label }) => [
    name,
    legacy_rule_id ?? '',
    family ?? '',
    label ?? '',
  ]);
  const pictures = rules.map(({ picture, change, refused }) =>
    refused === null ? [picture ?? '', change ?? ''] : [`[!] ${refused}`, ''],
  );
  const second = tableLines(lower, pictures, width - INDENT.length);
  const lines = tableLines(upper, names, width).flatMap((line, index) => [line, INDENT + (second[index] ?? '')]);
  return `${lines.join('\n')}\n\n${count(rules.length)} ${rules.length === 1 ? 'rule' : 'rules'} of ${filesText(rules)}\n`;
}

function filesText(rules: readonly ListedRule[]): string {
  return [...new Set(rules.map(({ place }) => (place === null ? '' : fileText(place))))].join(', ');
}

/** The file of a rule, relative to the working folder if it is below it. */
export function fileText({ file }: RulePlace): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}
