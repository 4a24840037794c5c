/** The names of options as the surface in use spells them: `maxAtoms` in the API, `--max-atoms` on the command line. */
import { options } from './table';

const names = new Set(options.map(({ name }) => name));

/** The name of an option on the command line. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The name of an option in the API, of its name in the core. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

let isCommandLine = false;

/** Has all errors name options as flags from now on; the process is the command line's. */
export function spellAsFlags(): void {
  isCommandLine = true;
}

/** The name of an option, or of another argument, which has one spelling. */
export function spelled(name: string): string {
  return isCommandLine && names.has(name) ? flagOf(name) : name;
}

/** A reason in which options stand between backticks, as the core declares them. */
export function respelled(reason: string): string {
  return reason.replace(/`([a-z_]+)`/g, (quoted, name: string) => {
    const option = camelCase(name);
    if (!names.has(option)) return quoted;
    return isCommandLine ? flagOf(option) : `\`${option}\``;
  });
}
