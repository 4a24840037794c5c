/** The flags of a command, from the table of options. */
import { Option, type Command as Program } from 'commander';
import { flagOf } from '../options/spelling';
import {
  type Command,
  choicesOn,
  flagsOf,
  helpOn,
  type Kind,
  type OptionSpec,
  optionsOf,
  shownDefault,
} from '../options/table';
import { path, paths } from './arguments';
import { collect, columnNames, number, rowNumbers, seconds, wholeNumber } from './values';

/** The values of flags that are not options of the API. */
export interface FrontFlags {
  useBloomFilter?: true;
  dryRun?: true;
  sample?: number;
  seed?: number;
  explain?: true;
  quiet?: true;
  json?: true;
  progress?: 'auto' | 'bar' | 'json' | 'none';
}

type Parse = (value: string, previous: never) => unknown;

/** How a flag's text becomes a value; kinds without an entry stay text. */
const parsers: Partial<Record<Kind, Parse>> = {
  path,
  files: paths,
  names: collect,
  columns: columnNames,
  count: wholeNumber,
  integer: wholeNumber,
  number,
  seconds,
  rows: rowNumbers,
};

/** Declares the flags of `command`, each in its group. The program declares its arguments itself. */
export function declareFlags(program: Program, command: Command): Program {
  for (const option of flagsOf(command).filter(({ kind }) => kind !== 'paths')) {
    program.optionsGroup(`${option.group}:`);
    for (const flag of flagsFor(command, option)) program.addOption(flag);
  }
  return program.helpOption('-h, --help', 'print this help');
}

/** A flag whose value becomes that of the option `name`, however the flag is spelled. */
class Flag extends Option {
  constructor(
    flags: string,
    help: string,
    private readonly option: string,
  ) {
    super(flags, help);
  }

  override attributeName(): string {
    return this.option;
  }
}

function flagsFor(command: Command, option: OptionSpec): Option[] {
  const { short, name, value, kind, helpNo, alias } = option;
  const names = `${short ? `-${short}, ` : ''}${flagOf(name)}`;
  const help = helpText(helpOn(command, option), option);
  const parse = parsers[kind];
  const spelled = (spelling: string) => {
    const flag = new Flag(value ? `${spelling} <${value}>` : spelling, help, name);
    if (kind === 'choice') flag.choices(choicesOn(command, option));
    else if (parse) flag.argParser(parse as (value: string, previous: unknown) => unknown);
    return flag;
  };
  const flags: Option[] = [spelled(names)];
  if (alias !== null) flags.push(spelled(flagOf(alias)).hideHelp());
  if (helpNo !== null) flags.push(new Option(flagOf(name).replace('--', '--no-'), plain(helpNo)));
  return flags;
}

function helpText(help: string, option: OptionSpec): string {
  const value = shownDefault(option);
  return plain(value ? `${help} (default: ${value})` : help);
}

/** In a terminal, help has no backticks. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** `flags` as the API accepts them, without those that only the command line has. */
export function withoutFront<Flags extends object>(command: Command, flags: Flags): Omit<Flags, keyof FrontFlags> {
  const names = new Set(optionsOf(command).map(({ name }) => name));
  return Object.fromEntries(Object.entries(flags).filter(([name]) => names.has(name))) as Omit<Flags, keyof FrontFlags>;
}
