/** Calls of the addon on a table: what exports, samples, summaries and galleries have in common. */
import type { Path } from '../index';
import { stoppedCall } from './errors';
import type { Cancellation } from './native';
import { checkPath, checkProgressControl, type ProgressControl, toJson } from './options/arguments';
import type { Command } from './options/table';
import { packPath } from './paths';
import { cancellable } from './transforms';

type Start = (
  input: string,
  options: string,
  cancellation: Cancellation,
  hear: ((progress: string) => void) | undefined,
) => Promise<string>;

/** Checks the arguments of `command`, and starts its work on the table at `input`. */
export async function callOnTable<Result, Progress>(
  command: Command,
  input: Path,
  options: object,
  control: ProgressControl<Progress>,
  start: Start,
): Promise<Result> {
  checkPath('input', input);
  const json = toJson(command, options);
  const { signal, onProgress } = checkProgressControl(control);
  if (signal?.aborted) throw stoppedCall(signal.reason);
  const hear = onProgress && ((progress: string) => onProgress(JSON.parse(progress) as Progress));
  return cancellable<Result>(signal, (cancellation) => start(packPath(input), json, cancellation, hear));
}
