/** What SIGINT and SIGTERM do to a subcommand that runs for long. */
import { StopRequest, type StopSignal, stopSignals } from './exit';

/** `signal` is aborted by the first of them, with a `StopRequest`; `release` ends the listening. */
export interface Stop {
  signal: AbortSignal;
  release(): void;
}

/**
 * The first signal stops the run in an orderly way; a second one ends the process at once, and its child with it.
 * Without a child the end is Node's default: an orderly exit would wait for RDKit.
 */
export function stopOnSignals(hasChild: boolean): Stop {
  const controller = new AbortController();
  const handle = (signal: StopSignal) => {
    if (!controller.signal.aborted) return controller.abort(new StopRequest(signal));
    if (hasChild) process.exit(stopSignals[signal]);
    release();
    process.kill(process.pid, signal);
  };
  const names = Object.keys(stopSignals) as StopSignal[];
  const release = () => {
    for (const name of names) process.off(name, handle);
  };
  for (const name of names) process.on(name, handle);
  return { signal: controller.signal, release };
}
