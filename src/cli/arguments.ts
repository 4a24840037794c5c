/**
 * The arguments of the command as the system has them. Node decodes them as UTF-8 and replaces invalid bytes, so a file
 * with such a name could not be opened; Linux shows the original bytes.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { packPath, pathForNode, shownPath } from '../paths';

const REPLACEMENT = '\ufffd';
/** An option and its value in one argument, `--input=FILE` or `-iFILE`. */
const gluedOption = /^(?:--[a-z][a-z-]*=|-[a-z](?!$))/;

/** The arguments of `process.argv` after the script, with those that are not UTF-8 packed (`paths.ts`). */
export function commandArguments(): string[] {
  const given = process.argv.slice(2);
  if (!given.some((text) => text.includes(REPLACEMENT))) return given;
  const raw = rawArguments().slice(-given.length);
  return given.map((text, index) => {
    const bytes = raw[index];
    return bytes !== undefined && bytes.toString('utf8') === text ? packArgument(bytes) : text;
  });
}

function rawArguments(): Buffer[] {
  let content: Buffer;
  try {
    content = readFileSync('/proc/self/cmdline');
  } catch {
    return [];
  }
  const texts = content.toString('latin1').split('\0').slice(0, -1);
  return texts.map((text) => Buffer.from(text, 'latin1'));
}

function packArgument(bytes: Buffer): string {
  const [option = ''] = gluedOption.exec(bytes.toString('latin1')) ?? [];
  return option + packPath(bytes.subarray(option.length));
}

/** An argument that is a path: bytes if it is not UTF-8. */
export function path(argument: string): string | Buffer {
  return pathForNode(argument);
}

/** A path argument that may be given several times. */
export function paths(argument: string, previous: readonly (string | Buffer)[] = []): (string | Buffer)[] {
  return [...previous, path(argument)];
}

/** Gives every option that is not a path its text, in which bytes that are not UTF-8 are replaced. */
export function showTexts(_program: Command, command: Command): void {
  for (const [name, value] of Object.entries(command.opts())) {
    const shown = Array.isArray(value) ? value.map(shownText) : shownText(value);
    command.setOptionValueWithSource(name, shown, command.getOptionValueSource(name));
  }
}

function shownText(value: unknown): unknown {
  return typeof value === 'string' ? shownPath(value) : value;
}
