/** `xform-native rules`: the rules of transform files, checked, found and shown. */
import type { Command } from 'commander';
import { declareRulesCheck } from './rules-check';
import { declareRulesList } from './rules-list';
import { declareRulesShow } from './rules-show';

export function declareRules(command: Command): void {
  command
    .description('Check, find and understand rules before a library is run through them.')
    .summary('check, find and show rules')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', epilogue);
  declareRulesCheck(command.command('check'));
  declareRulesList(command.command('list'));
  declareRulesShow(command.command('show'));
}

const epilogue = `
Examples:
  $ xform-native rules check mine.yaml
  $ xform-native rules list --search ester
  $ xform-native rules show phenol_to_methyl_ether
`;
