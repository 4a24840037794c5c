/** Rules of transform files, as lists and one by one. */
import type { ListRulesOptions, RuleListing, ShownRule, ShowRuleOptions } from '../index';
import { native } from './native';
import { checkText, toJson } from './options/arguments';
import { medchemFile, transformsFile } from './shipped';
import { fromJson } from './transforms';

/** The transform files of the package. */
const shipped = [transformsFile, medchemFile];

export async function listRules(options: ListRulesOptions = {}): Promise<RuleListing> {
  const json = toJson('listRules', options.files?.length ? options : { ...options, files: shipped });
  return fromJson<RuleListing>(native().listRules(json));
}

export async function showRule(name: string, options: ShowRuleOptions = {}): Promise<ShownRule> {
  checkText('name', name);
  const json = toJson('showRule', options.xfConfig === undefined ? { ...options, xfConfig: shipped } : options);
  return fromJson<ShownRule>(native().showRule(name, json));
}
