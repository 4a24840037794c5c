/** `xform-native rules show`: one rule at length. */
import { writeFileSync } from 'node:fs';
import { Argument, type Command } from 'commander';
import type { ShownRule, ShowRuleOptions, TransformExample } from '../../index';
import { invalidOption } from '../errors';
import { shownPath } from '../paths';
import { showRule } from '../rules';
import { fail } from './exit';
import { declareFlags, type FrontFlags, withoutFront } from './flags';
import { labelledLines } from './lines';
import { printable, printableJson } from './printable';
import { fileText } from './rules-list';
import { screenWidth } from './terminal';
import { ruleName } from './values';

type Flags = ShowRuleOptions & FrontFlags & { svg?: string | Buffer };

export function declareRulesShow(command: Command): void {
  command
    .description('Show one rule: what it does, as RDKit understood it, how it is carried out, and its examples.')
    .summary('show one rule at length')
    .addArgument(new Argument('<name>', 'name, code or legacy_rule_id of the rule').argParser(ruleName))
    .allowExcessArguments(false);
  declareFlags(command, 'showRule').addHelpText('after', epilogue).action(run);
}

const epilogue = `
Exit status:
  0 done   2 usage or configuration

Examples:
  $ xform-native rules show OH_to_OMe
  $ xform-native rules show mine --xf-config mine.yaml --svg mine.svg
`;

async function run(name: string, flags: Flags): Promise<void> {
  try {
    const { svg, ...rule } = await showRule(name, withoutFront('showRule', flags));
    if (flags.svg !== undefined) writeSvg(flags.svg, svg);
    if (flags.json) process.stdout.write(`${printableJson(rule)}\n`);
    else process.stdout.write(ruleText(printable(rule), screenWidth()));
  } catch (error) {
    fail(error, flags.json === true);
  }
}

function writeSvg(file: string | Buffer, svg: string | null): void {
  if (svg === null) throw invalidOption('svg', 'RDKit refuses the rule, so there is nothing to draw');
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw invalidOption('svg', `cannot write ${shownPath(file)}: ${(error as Error).message}`);
  }
}

type Fact = readonly [label: string, text: string];

export function ruleText(rule: Omit<ShownRule, 'svg'>, width: number): string {
  const { description, explanation, refused } = rule;
  const paragraphs: (readonly Fact[])[] = [identity(rule)];
  if (refused !== null) paragraphs.push([['refused', `RDKit refuses it: ${refused}`]]);
  if (description) paragraphs.push(description.statements.map(({ topic, text }) => [topic, text]));
  if (explanation) {
    const { path, reason, prefilter } = explanation;
    paragraphs.push([
      ['path', `${path}: ${reason}`],
      ['prefilter', prefilter],
    ]);
  }
  paragraphs.push(rule.warnings.map((warning) => ['warning', warning]));
  paragraphs.push(rule.examples.map((example, index) => ['example', exampleText(example, rule.unmet[index])]));
  const shown = paragraphs.filter((facts) => facts.length > 0).map((facts) => factLines(facts, width));
  return `${[rule.name, ...shown.flatMap((lines) => ['', ...lines]).slice(1)].join('\n')}\n`;
}

function identity(rule: Omit<ShownRule, 'svg'>): Fact[] {
  const { place, description } = rule;
  const facts: [string, string | null | undefined][] = [
    ['label', rule.label],
    ['code', rule.code === rule.name ? null : rule.code],
    ['old name', rule.legacy_rule_id],
    ['family', rule.family],
    ['scope', rule.scope_classes.join(', ')],
    ['file', place && `${fileText(place)}:${place.line}`],
    ['picture', description?.picture],
    ['change', description?.change],
    ['SMIRKS', rule.smirks],
    ['query', rule.query_smarts],
    ['sites', sitesText(rule)],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

function sitesText({ max_sites_per_mol, exclude_sugar_like }: Omit<ShownRule, 'svg'>): string {
  const limit = max_sites_per_mol === null ? 'all' : `at most ${max_sites_per_mol} in a molecule`;
  return exclude_sugar_like ? `${limit}, except those in sugars` : limit;
}

function exampleText(example: TransformExample, unmet: string | null | undefined): string {
  const text =
    'none' in example
      ? `no site: ${[example.none].flat().join(', ')}`
      : `${example.in} -> ${[example.out].flat().join(', ')}`;
  return unmet ? `${text}; not met: ${unmet}` : text;
}

const LABEL = 9;
const INDENT = '  ';

function factLines(facts: readonly Fact[], width: number): string[] {
  return facts.flatMap(([label, text], index) => {
    const shown = facts[index - 1]?.[0] === label ? '' : label;
    return labelledLines(`${INDENT}${shown.padEnd(LABEL)}${INDENT}`, text, width);
  });
}
