/** Runs over a library. The thread, the pipeline and the files are the addon's; here are its beginning and end. */
import type { ApplyControl, ApplyOptions, CheckReport, Progress, Summary } from '../index';
import { CancelledError, fromNative } from './errors';
import { native } from './native';
import { toNativeOptions } from './options';
import { fromJson } from './transforms';

export async function apply(options: ApplyOptions, control: ApplyControl = {}): Promise<Summary> {
  const { signal, onProgress } = control;
  const nativeOptions = toNativeOptions(options);
  if (signal?.aborted) throw cancelledBefore(options.outdir, signal);

  const { Cancellation, apply: start } = native();
  const cancellation = new Cancellation();
  const cancel = () => cancellation.cancel();
  const listener = onProgress && listen(onProgress);
  signal?.addEventListener('abort', cancel, { once: true });
  const release = stopRunsAtExit();
  try {
    return JSON.parse(await start(nativeOptions, cancellation, listener?.hear)) as Summary;
  } catch (error) {
    throw fromNative(error, signal?.reason);
  } finally {
    release();
    listener?.stop();
    signal?.removeEventListener('abort', cancel);
  }
}

export async function check(options: ApplyOptions): Promise<CheckReport> {
  return fromJson<CheckReport>(native().check(toNativeOptions(options)));
}

function cancelledBefore(outdir: string, signal: AbortSignal): CancelledError {
  return new CancelledError(`stopped on request before the first row; nothing was written to ${outdir}`, {
    code: 'XFORM_CANCELLED',
    details: { rows: 0, path: outdir },
    cause: signal.reason,
  });
}

/** Hands progress to `onProgress`, whose failures are its own: the run goes on, and a warning is given once. */
function listen(onProgress: (progress: Progress) => unknown) {
  let isOpen = true;
  let hasWarned = false;
  const warn = (error: unknown) => {
    if (hasWarned) return;
    hasWarned = true;
    process.emitWarning(`onProgress failed, the run goes on: ${error}`, 'XformProgressWarning');
  };
  return {
    hear(json: string) {
      if (!isOpen) return;
      try {
        const answer = onProgress(JSON.parse(json) as Progress);
        if (answer instanceof Promise) answer.catch(warn);
      } catch (error) {
        warn(error);
      }
    },
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
