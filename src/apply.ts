/** Runs over a library. The thread, the pipeline and the files are the addon's; here are its beginning and end. */
import type { ApplyControl, ApplyOptions, CheckDetail, CheckReport, Progress, Summary } from '../index';
import { CancelledError, fromNative } from './errors';
import { type NativeApplyOptions, native } from './native';
import { checkDetail, molTimeoutSeconds, toNativeOptions } from './options';
import { supervise } from './supervisor';
import { fromJson } from './transforms';

export async function apply(options: ApplyOptions, control: ApplyControl = {}): Promise<Summary> {
  const nativeOptions = toNativeOptions(options);
  const { signal } = control;
  if (signal?.aborted) throw cancelledBefore(options.outdir, signal);

  const listeners = listen(control);
  const guarded: ApplyControl = { signal, onStart: listeners.onStart, onProgress: listeners.onProgress };
  try {
    return nativeOptions.isolate
      ? await supervise({ options: nativeOptions, molTimeoutSeconds: molTimeoutSeconds(options) }, guarded)
      : await runHere(nativeOptions, guarded);
  } finally {
    listeners.stop();
  }
}

export async function check(options: ApplyOptions, detail: CheckDetail = {}): Promise<CheckReport> {
  checkDetail(detail);
  return fromJson<CheckReport>(native().check(toNativeOptions(options), detail.explain));
}

/** A run in this process. */
async function runHere(options: NativeApplyOptions, control: ApplyControl): Promise<Summary> {
  const { signal, onStart, onProgress } = control;
  const { Cancellation, apply: start, check: report } = native();
  const cancellation = new Cancellation();
  const cancel = () => cancellation.cancel();
  const hear = onProgress && ((json: string) => onProgress(JSON.parse(json) as Progress));
  signal?.addEventListener('abort', cancel, { once: true });
  const release = stopRunsAtExit();
  try {
    if (onStart) onStart(JSON.parse(await report(options)) as CheckReport);
    return JSON.parse(await start(options, cancellation, hear)) as Summary;
  } catch (error) {
    throw fromNative(error, signal?.reason);
  } finally {
    release();
    signal?.removeEventListener('abort', cancel);
  }
}

function cancelledBefore(outdir: string, signal: AbortSignal): CancelledError {
  return new CancelledError(`stopped on request before the first row; nothing was written to ${outdir}`, {
    code: 'XFORM_CANCELLED',
    details: { rows: 0, path: outdir },
    cause: signal.reason,
  });
}

/** The callbacks, whose failures are their own: the run goes on, and a warning is given once for each. */
function listen({ onStart, onProgress }: ApplyControl) {
  let isOpen = true;
  const guard = <T>(name: string, callback: ((value: T) => unknown) | undefined) => {
    if (!callback) return undefined;
    let hasWarned = false;
    const warn = (error: unknown) => {
      if (hasWarned) return;
      hasWarned = true;
      process.emitWarning(`${name} failed, the run goes on: ${error}`, 'XformProgressWarning');
    };
    return (value: T) => {
      if (!isOpen) return;
      try {
        const answer = callback(value);
        if (answer instanceof Promise) answer.catch(warn);
      } catch (error) {
        warn(error);
      }
    };
  };
  return {
    onStart: guard<CheckReport>('onStart', onStart),
    onProgress: guard<Progress>('onProgress', onProgress),
    stop() {
      isOpen = false;
    },
  };
}

let activeRuns = 0;

/**
 * `process.exit()` during a run would tear down C++ statics under RDKit's feet: the addon is told to stop and wait
 * (a second at most) before that. Returns what ends the watch.
 */
function stopRunsAtExit(): () => void {
  const { stopRuns } = native();
  if (activeRuns++ === 0) process.on('exit', stopRuns);
  return () => {
    if (--activeRuns === 0) process.off('exit', stopRuns);
  };
}
