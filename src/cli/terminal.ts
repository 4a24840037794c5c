/** Whoever reads what a command says may go, and so may its terminal: a run goes on without its audience. */
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Those of the standard streams that are a terminal. One that has hung up would not be found later. */
const terminals = [0, 1, 2].filter((fd) => isatty(fd));

/** Whether there is a terminal that could hang up. */
export const hasTerminal = terminals.length > 0;

export function goOnWithoutAudience(): void {
  for (const stream of [process.stdout, process.stderr]) ignoreWithoutReader(stream);
  // Node gives each signal its default back, SIGHUP too where nohup has had it ignored.
  if (!hasTerminal) process.on('SIGHUP', () => {});
  process.on('exit', forgetGoneTerminals);
}

/** A reader that has seen enough (`| head`) gives EPIPE, a terminal that has hung up EIO. */
function ignoreWithoutReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && !(error.code === 'EIO' && stream.isTTY)) throw error;
  });
}

/**
 * Node sets terminals back to how they were, leaving out what is closed, and Node 20 aborts where one has hung up
 * (nodejs/node#51519; nodejs/node#58200 puts later ones right).
 */
function forgetGoneTerminals(): void {
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
}
