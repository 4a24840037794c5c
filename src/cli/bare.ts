/** A command without its arguments, as people type it to see what it wants. */
import type { Command } from 'commander';

/** A placeholder in a usage line that is not in brackets. */
const required = /<(?![^[]*\])/;

/**
 * What to show if `words` name a command and nothing else, although it needs more, as its usage line says.
 */
export function bareUsage(program: Command, words: readonly string[]): string | undefined {
  const command = words.reduce<Command | undefined>(
    (parent, word) => parent?.commands.find((each) => each.name() === word),
    program,
  );
  if (command === undefined || words.length === 0 || !required.test(command.usage())) return undefined;
  const path = ['xform-native', ...words].join(' ');
  return `Usage: ${path} ${command.usage()}\n\n\`${path} --help\` lists its options and shows examples.\n`;
}
