/** A flag for one value may be given only once: commander alone would silently use the last of several values. */
import type { Command } from 'commander';
import { gatherers } from './values';

/** Makes it a usage error, for `command` and its subcommands, to give a flag for one value twice. */
export function refuseRepeatedValues(command: Command): void {
  for (const option of command.options) {
    const takesOneValue = (option.required || option.optional) && !option.variadic;
    if (!takesOneValue || gatherers.has(option.parseArg)) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`error: option '${option.flags}' was given more than once; give it one value`);
      isGiven = true;
    });
  }
  command.commands.forEach(refuseRepeatedValues);
}
