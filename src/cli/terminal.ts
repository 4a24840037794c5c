/**
 * The reader of the command's output may go away, and so may its terminal: a run then continues without an audience.
 */
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** The standard streams that are terminals. One that has hung up would not be recognised later. */
const terminals = [0, 1, 2].filter((fd) => isatty(fd));

/** Whether there is a terminal that could hang up. */
export const hasTerminal = terminals.length > 0;

export function goOnWithoutAudience(): void {
  // A reader that has seen enough (`| head`) causes EPIPE, a terminal that has hung up EIO, a full disk ENOSPC. Results
  // and exit status must not depend on whether they could be reported.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // Beyond a limit on file sizes (ulimit -f), a write should fail, as on a full disk, and not end the process.
  process.on('SIGXFSZ', () => {});
  // Node restores the default action of every signal, even of SIGHUP if nohup has had it ignored.
  if (!hasTerminal) process.on('SIGHUP', () => {});
  process.on('exit', forgetGoneTerminals);
}

/**
 * Node restores the settings of terminals when it exits, except of closed ones, and Node 20 aborts if one has hung up
 * (nodejs/node#51519; nodejs/node#58200 fixes later versions).
 */
function forgetGoneTerminals(): void {
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
}

/** What the width of a stream is taken from. */
interface Wide {
  columns?: number;
}

/** Columns of a line where there is no terminal; a terminal that does not know its width reports 0. */
const COLUMNS = 80;

/** The width of the terminal behind a stream. */
export function widthOfScreen({ columns }: Wide): number {
  return columns || COLUMNS;
}

/** The width for messages: a log keeps each in one line, so that it can be searched. */
export function messageWidth(stream: Wide & { isTTY?: boolean }): number {
  return stream.isTTY ? widthOfScreen(stream) : Number.POSITIVE_INFINITY;
}

/** The width of the terminal that shows results. */
export function screenWidth(): number {
  return widthOfScreen(process.stdout);
}
