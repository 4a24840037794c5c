/** `xform-native rules`: the rules of transform files, found and shown. */
import type { Command } from 'commander';
import { declareRulesList } from './rules-list';
import { declareRulesShow } from './rules-show';

export function declareRules(command: Command): void {
  command
    .description('Find and understand rules before a library is run through them.')
    .summary('find and show rules')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', epilogue);
  declareRulesList(command.command('list'));
  declareRulesShow(command.command('show'));
}

const epilogue = `
Example:
  $ xform-native rules list --search ester
  $ xform-native rules show phenol_to_methyl_ether
`;
