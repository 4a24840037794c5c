/** `xform-native completion`: scripts that complete command lines, generated from the flags that commander has. */
import { homedir } from 'node:os';
import { Argument, type Command, type Option } from 'commander';
import { flagOf } from '../options/spelling';
import { listRules } from '../rules';
import { loadTransforms } from '../transforms';
import { path, paths } from './arguments';
import { ruleName } from './values';

/** What completes a value: one of these words, or a kind of value that each shell completes in its own way. */
type Values = readonly string[] | keyof typeof completers;

/** What a script knows of a command; `place` is `/cluster/apply`, and empty for the program itself. */
interface Place {
  place: string;
  below: { name: string; help: string }[];
  /** A switch has no values. */
  flags: { names: string[]; help: string; values: Values | undefined }[];
  argument: Values | undefined;
}

const LIST = 'xform-native transform-names --';

/** Bash 3.2, which macOS has, does not have `compopt`; it then offers files in more places. */
const completers = {
  files: { bash: 'return', zsh: '_files', fish: '-r -F' },
  folders: {
    bash: 'compopt +o default -o dirnames 2> /dev/null; return',
    zsh: '_files -/',
    fish: "-x -a '(__fish_complete_directories)'",
  },
  transforms: {
    bash: `words=$(${LIST} "\${COMP_WORDS[@]}" 2> /dev/null)`,
    zsh: '_xform-native_transforms',
    fish: `-x -a '(${LIST} (commandline -opc) 2> /dev/null)'`,
  },
  nothing: { bash: 'words=', zsh: ' ', fish: '-x' },
};

const scripts = { bash, zsh, fish };

export function declareCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print a script with which a shell completes commands, flags and values.')
    .summary('print a script that completes command lines')
    .helpOption('-h, --help', 'print this help')
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .allowExcessArguments(false)
    .addHelpText('after', epilogue)
    .action((shell: keyof typeof scripts) => {
      process.stdout.write(scripts[shell](placesOf(program)));
    });
  program.command('transform-names', { hidden: true }).argument('<words...>').action(listTransforms);
}

const epilogue = `
To turn completion on, add the line for your shell to its configuration:
  ~/.bashrc                   source <(xform-native completion bash)
  ~/.zshrc, after compinit    source <(xform-native completion zsh)
  ~/.config/fish/config.fish  xform-native completion fish | source
`;

/** Lists the transforms of the files that an unfinished command line names; bash makes a word of each `=`. */
async function listTransforms(words: string[]): Promise<void> {
  const configs = words.join('\n').matchAll(new RegExp(`^(?:${flagOf('xfConfig')}[=\n]+|-c\n*)(.+)`, 'gm'));
  const files = [...configs].map(([, config = '']) =>
    config.replace(/^~(?=\/)/, homedir()).replace(/\\(.)|["']/g, '$1'),
  );
  const names = (await namesOf(files, words)).filter((name) => !/\p{Cc}/u.test(name));
  process.stdout.write(names.map((name) => `${name}\n`).join(''));
}

/** Without a file, `rules show` is about the rules of the package. */
async function namesOf(files: string[], words: string[]): Promise<string[]> {
  if (files.length === 0 && words.includes('rules')) return (await listRules()).rules.map(({ name }) => name);
  const read = await Promise.all(files.map((file) => loadTransforms(path(file))));
  return read.flatMap(({ transforms }) => transforms.map(({ name }) => name));
}

function placesOf(program: Command, place = ''): Place[] {
  const help = program.createHelp();
  const subcommands = help.visibleCommands(program);
  const [argument] = program.registeredArguments;
  const below = subcommands.map((command) => ({ name: command.name(), help: command.summary() }));
  const flags = help.visibleOptions(program).map((option) => ({
    names: [option.short, option.long].filter((name) => name !== undefined),
    help: option.description,
    values: option.required ? valuesOf(option, option.flags) : undefined,
  }));
  const own = { place, below, flags, argument: argument && valuesOf(argument, argument.name()) };
  return [own, ...subcommands.flatMap((command) => placesOf(command, `${place}/${command.name()}`))];
}

function valuesOf({ argChoices, parseArg }: Option | Argument, declaration: string): Values {
  if (argChoices) return argChoices;
  if (parseArg === path || parseArg === paths) return /\bfile>?$/.test(declaration) ? 'files' : 'folders';
  return declaration.startsWith(flagOf('xfName')) || parseArg === ruleName ? 'transforms' : 'nothing';
}

function bash(places: Place[]): string {
  const offer = (values: Values) =>
    typeof values === 'string' ? completers[values].bash : `words=$'${values.join('\\n')}'`;
  const cases = places.flatMap(({ place, below, flags, argument }) => {
    const names = flags.flatMap((flag) => flag.names);
    const rest = below.length > 0 ? below.map(({ name }) => name) : (argument ?? names);
    const before = (words: string[], values: Values) =>
      `    ${words.map((word) => `${place}:${word}`).join(' | ')}) ${offer(values)} ;;\n`;
    const ofValues = flags.map(({ names, values }) => (values ? before(names, values) : ''));
    return [before(['-'], names), ...ofValues, before(['*'], rest)];
  });
  return `_xform_native() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} place= words= word
  # Bash makes three words of --flag=value.
  if [[ $current == = ]]; then current=
  elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $current == -* ]]; then before=-; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case $place/$word in ${placeNames(places).join(' | ')}) place+=/$word ;; esac
  done
  case $place:$before in
${cases.join('')}  esac
  compopt +o default 2> /dev/null
  while IFS= read -r word; do
    if [[ -n $word && $word == "$current"* ]]; then COMPREPLY+=("$(printf %q "$word")"); fi
  done <<< "$words"
}
complete -o default -F _xform_native xform-native
`;
}

function zsh(places: Place[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const completed = (values: Values) =>
    `: :${typeof values === 'string' ? completers[values].zsh : `(${values.join(' ')})`}`;
  const functions = places.map(({ place, below, flags, argument }) => {
    const name = `_xform-native${place.replaceAll('/', '-')}`;
    const ofFlags = flags.flatMap(({ names, help, values }) => {
      const about = `[${help.replace(/[[\]:\\]/g, '\\$&')}]`;
      return names.map(
        (flag) => `*${flag}${values ? (flag.length > 2 ? '=' : '+') : ''}${about}${values ? completed(values) : ''}`,
      );
    });
    const commands = below.map((command) => `${command.name}\\:${command.help.replace(/\W/g, '\\$&')}`);
    const ofPlace = below.length > 0 ? [`1: :((${commands.join(' ')}))`, '*:: :->below'] : [];
    const rest = argument ? [`*${completed(argument)}`] : ofPlace;
    return `${name}() {
  local curcontext=$curcontext state line
  _arguments -C ${[...ofFlags, ...rest].map(quoted).join(' \\\n    ')} && return
  [[ $state == below ]] && (( $+functions[${name}-$words[1]] )) && ${name}-$words[1]
}
`;
  });
  return `#compdef xform-native
${completers.transforms.zsh}() {
  local -a names=(\${(f)"$(${LIST} $words 2> /dev/null)"})
  compadd -a names
}
${functions.join('')}if [[ $funcstack[1] == _xform-native ]]; then _xform-native; else compdef _xform-native xform-native; fi
`;
}

function fish(places: Place[]): string {
  const quoted = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const offer = (values: Values) =>
    typeof values === 'string' ? completers[values].fish : `-x -a '${values.join(' ')}'`;
  const lines = places.flatMap(({ place, below, flags, argument }) => {
    const ofFlags = flags.map(({ names, help, values }) => {
      const spelled = names.map((name) => (name.length > 2 ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
      return `${spelled.join(' ')} -d ${quoted(help)} ${values ? offer(values) : ''}`;
    });
    const commands = below.map(({ name, help }) => `-a ${name} -d ${quoted(help)}`);
    const all = [...ofFlags, ...commands, ...(argument ? [offer(argument)] : [])];
    return all.map((line) => `complete -c xform-native -n '__xform_native_at "${place}"' ${line}\n`);
  });
  return `function __xform_native_at
  set -l place
  for word in (commandline -opc)[2..-1]
    contains -- "$place/$word" ${placeNames(places).join(' ')}; and set place "$place/$word"
  end
  test "$place" = "$argv"
end
complete -c xform-native -f
${lines.join('')}`;
}

function placeNames(places: Place[]): string[] {
  return places.slice(1).map(({ place }) => place);
}
