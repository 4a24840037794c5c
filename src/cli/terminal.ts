/** Whoever reads what a command says may go, and so may its terminal: a run goes on without its audience. */
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Those of the standard streams that are a terminal. One that has hung up would not be found later. */
const terminals = [0, 1, 2].filter((fd) => isatty(fd));

/** Whether there is a terminal that could hang up. */
export const hasTerminal = terminals.length > 0;

export function goOnWithoutAudience(): void {
  // A reader that has seen enough (`| head`) gives EPIPE, a terminal that has hung up EIO, a full disk ENOSPC: results and
  // exit status do not depend on whether they could be reported.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // Beyond a limit on file sizes (ulimit -f) a write should fail, as on a full disk, and not end the process.
  process.on('SIGXFSZ', () => {});
  // Node gives each signal its default back, SIGHUP too where nohup has had it ignored.
  if (!hasTerminal) process.on('SIGHUP', () => {});
  process.on('exit', forgetGoneTerminals);
}

/**
 * Node sets terminals back to how they were, leaving out what is closed, and Node 20 aborts where one has hung up
 * (nodejs/node#51519; nodejs/node#58200 puts later ones right).
 */
function forgetGoneTerminals(): void {
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
}
