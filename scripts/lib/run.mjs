// Child processes, and how a script ends.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A failure with a message for the user; printed without a stack. */
export class Failure extends Error {}

/** Runs a script's body; a `Failure` prints its message and gives exit status 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    process.exitCode = 1;
    console.error(error instanceof Failure ? `\nerror: ${error.message}` : error);
  }
}

/** The standard output of a command, or null if the command is missing or fails. */
export function capture(command, args = [], options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  return result.status === 0 ? result.stdout : null;
}

/** Runs a command on this terminal and returns its exit status (1 if a signal ended it or it is missing). */
export function run(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      done(1);
    });
    child.on('close', (status) => done(status ?? 1));
  });
}

/** Like `run`, but a status other than 0 is a failure. */
export async function must(what, command, args, options = {}) {
  const status = await run(command, args, options);
  if (status !== 0) throw new Failure(`${what} failed (${command}, exit status ${status}).`);
}

/** Runs a command and passes each line of its output to `onLine`; returns the exit status. */
export function runLines(command, args, onLine, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
    child.on('error', (error) => onLine(`${command}: ${error.message}`));
    child.on('close', (status) => done(status ?? 1));
  });
}

/** A log file that commands append to; `tail` is for error messages. */
export class Log {
  constructor(file) {
    this.file = file;
  }

  write(text) {
    appendFileSync(this.file, `${text}\n`);
  }

  /** Runs a command into the log; returns its exit status. */
  async run(command, args, options = {}, onLine = () => {}) {
    this.write(`$ ${[command, ...args].join(' ')}`);
    const each = (line) => {
      this.write(line);
      onLine(line);
    };
    return runLines(command, args, each, options);
  }

  /** Like `run`, but a status other than 0 is a failure that shows the end of the log and names the file. */
  async must(what, command, args, options, onLine) {
    const status = await this.run(command, args, options, onLine);
    if (status === 0) return;
    throw new Failure(`${what} failed (${command}, exit status ${status}).\n${this.tail()}\nFull log: ${this.file}`);
  }

  tail(lines = 12) {
    const text = readFileSync(this.file, 'utf8').trimEnd().split('\n').slice(-lines);
    return text.map((line) => `  | ${line}`).join('\n');
  }
}
