/** The effect of signals on the command: on a long-running subcommand, and on any other. */
import { type StopSignal, stopSignals } from '../stop-signals';
import { fail, StopRequest, signalStatus } from './exit';
import { hasTerminal } from './terminal';

/**
 * Without a listener, Node reacts to SIGUSR1 by opening its debugger on a port. With this one, the signal ends the
 * command.
 */
export function dieOfSigusr1(): void {
  process.on('SIGUSR1', die);
}

function die(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/**
 * Runs `work`, which returns the exit status, and reports its failure. Its `signal` is aborted by the first stop
 * signal, with a `StopRequest`.
 */
export async function runUntilStopped(
  hasChild: boolean,
  asJson: boolean,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const stop = stopOnSignals(hasChild);
  try {
    process.exitCode = await work(stop.signal);
  } catch (error) {
    fail(error, asJson);
  } finally {
    stop.release();
  }
}

/**
 * The first signal stops the run in order; a second one ends the process at once, and its child with it. Without a
 * child, the process then ends as Node does by default: an orderly exit would wait for RDKit.
 */
function stopOnSignals(hasChild: boolean): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const handle = (signal: StopSignal) => {
    if (!controller.signal.aborted) return controller.abort(new StopRequest(signal));
    // The closing of a terminal is often signalled twice, by the system and by the shell.
    if (signal === 'SIGHUP') return;
    if (hasChild) process.exit(signalStatus(signal));
    die(signal);
  };
  const names = stopSignals.filter((name) => name !== 'SIGHUP' || hasTerminal);
  const release = () => {
    dieOfSigusr1();
    for (const name of names) process.off(name, handle);
  };
  for (const name of names) process.on(name, handle);
  process.off('SIGUSR1', die);
  return { signal: controller.signal, release };
}
