/**
 * The table of all options: those that the core declares, and those of the front end. Flags, help, type checks, defaults,
 * `index.d.ts` and the tables of `docs/apply.md` follow from it.
 */
import { declared } from '../generated/options';
import { frontOptions } from './front';

export type Command =
  | 'apply'
  | 'clusterApply'
  | 'merge'
  | 'transformSmiles'
  | 'listRules'
  | 'showRule'
  | 'checkRules'
  | 'tryTransform'
  | 'exportTable'
  | 'sampleTable'
  | 'summarize'
  | 'demo'
  | 'gallery'
  | 'report'
  | 'scheduler'
  | 'executor'
  | 'verify';

/** The type of an option's value; see `Kind` in `crate/core/src/options`. */
export type Kind = (typeof declared)[number]['kind'] | 'seconds';

/** The declaration of an option; see `OptionSpec` in `crate/core/src/options`. */
export interface OptionSpec {
  name: string;
  /** Its key in a summary. */
  key: string;
  group: string;
  kind: Kind;
  choices: readonly (readonly [value: string, meaning: string])[];
  isOptional: boolean;
  doc: string;
  help: string;
  helpNo: string | null;
  helpOn: readonly (readonly [Command, string])[];
  refusedOn: readonly (readonly [Command, string])[];
  value: string;
  short: string | null;
  /** Another name of its flag, which help does not show. */
  alias: string | null;
  default: unknown;
  defaultText: string;
  required: boolean;
  commands: readonly Command[];
  onlyWith: readonly [option: string, value: string] | null;
  /** Whether the core acts on it, and not the front end. */
  isOfCore: boolean;
  /** Whether only the command line has it, and not the API. */
  isFlagOnly: boolean;
}

const ofFront: Omit<OptionSpec, 'name' | 'key' | 'group' | 'kind' | 'help' | 'commands'> = {
  choices: [],
  isOptional: false,
  doc: '',
  helpNo: null,
  helpOn: [],
  refusedOn: [],
  value: '',
  short: null,
  alias: null,
  default: null,
  defaultText: '',
  required: false,
  onlyWith: null,
  isOfCore: false,
  isFlagOnly: false,
};

function allOptions(): OptionSpec[] {
  const all: OptionSpec[] = declared.map((option) => ({
    default: null,
    ...option,
    isOfCore: true,
    isFlagOnly: false,
  }));
  for (const { after, ...option } of frontOptions) {
    const place = all.findIndex(({ name }) => name === after) + 1;
    all.splice(place, 0, { ...ofFront, key: option.name, ...option });
  }
  return all;
}

/** In the order of the help of each command. */
export const options: readonly OptionSpec[] = allOptions();

/** The options of a command, flags included that the API does not have. */
export function flagsOf(command: Command): OptionSpec[] {
  return options.filter(({ commands }) => commands.includes(command));
}

/** The options of a function of the API. */
export function optionsOf(command: Command): OptionSpec[] {
  return flagsOf(command).filter(({ isFlagOnly }) => !isFlagOnly);
}

/** The values that a command accepts for an option with choices. */
export function choicesOn(command: Command, option: OptionSpec): string[] {
  return acceptedChoices(command, option).map(([value]) => value);
}

function acceptedChoices(command: Command, { choices, refusedOn }: OptionSpec) {
  return choices.filter(([value]) => !refusedOn.some(([on, refused]) => on === command && refused === value));
}

/** The values that a command accepts for the option of that name. */
export function choicesOf(command: Command, name: string): string[] {
  return optionsOf(command).flatMap((option) => (option.name === name ? choicesOn(command, option) : []));
}

/** The help of an option on a command, with the meanings of its choices. */
export function helpOn(command: Command, option: OptionSpec): string {
  const help = option.helpOn.find(([on]) => on === command)?.[1] ?? option.help;
  const meanings = acceptedChoices(command, option).map(([value, meaning]) => meaning && `; \`${value}\`: ${meaning}`);
  return help + meanings.join('');
}

/** The default as help and documentation show it; empty if there is nothing to show. */
export function shownDefault({ default: value, defaultText }: OptionSpec): string {
  if (defaultText !== '') return defaultText;
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}

/** The defaults of a command's options, except those that depend on the machine, which the core chooses. */
export function defaultsOf(command: Command): Record<string, unknown> {
  const plain = optionsOf(command).filter(({ default: value, required }) => value !== null && !required);
  return Object.fromEntries(plain.map(({ name, default: value }) => [name, value]));
}
