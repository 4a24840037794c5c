/** The names of options as the surface in use spells them: `maxAtoms` in the API, `--max-atoms` on the command line. */
import { options } from './table';

const names = new Set(options.map(({ name }) => name));

/** The name of an option on the command line. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The API's name of an option, from its name in the core. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

let isCommandLine = false;

/** From now on, all errors name options as flags. For the process of the command line. */
export function spellAsFlags(): void {
  isCommandLine = true;
}

/** The name of an option as the surface in use spells it. Other arguments have only one spelling. */
export function spelled(name: string): string {
  return isCommandLine && names.has(name) ? flagOf(name) : name;
}

/** `reason`, with the options between backticks, spelled as declared in the core, respelled for the surface in use. */
export function respelled(reason: string): string {
  return reason.replace(/`([a-z_]+)`/g, (quoted, name: string) => {
    const option = camelCase(name);
    if (!names.has(option)) return quoted;
    return isCommandLine ? flagOf(option) : `\`${option}\``;
  });
}
