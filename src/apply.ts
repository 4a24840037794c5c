/** Runs over a library. The addon provides the thread, the pipeline and the files; this file starts and ends a run. */
import type { ApplyControl, ApplyOptions, CheckDetail, CheckReport, Progress, Summary } from '../index';
import { cancelledBefore, inWords, OutputError, stoppedCall } from './errors';
import { exportFiles, exportProducts, wantedFormats } from './exports';
import { type IsolatedCheck, superviseCheck } from './isolation/check';
import { supervise } from './isolation/supervisor';
import { type Cancellation, native } from './native';
import { checkControl, checkDetail, molTimeoutSeconds, toRunOptions } from './options/arguments';
import { shownPath } from './paths';
import { reportFile, reportRun } from './report';
import { cancellable, fromJson } from './transforms';
import { refuseTaken } from './whole-file';

export async function apply(options: ApplyOptions, control: ApplyControl = {}): Promise<Summary> {
  const runOptions = toRunOptions(options);
  checkControl(control);
  const { signal } = control;
  const formats = wantedFormats(options);
  if (signal?.aborted) throw cancelledBefore(shownPath(options.outdir), signal.reason);

  refuseExisting(options);
  const summary = await listening(control, (guarded) =>
    runOptions.isolate
      ? supervise({ options: runOptions, molTimeoutSeconds: molTimeoutSeconds(options) }, guarded)
      : runHere(guarded, (cancellation, hear) => {
          const { onStart } = guarded;
          const hearStart = onStart && ((report: string) => onStart(JSON.parse(report) as CheckReport));
          return native().apply(JSON.stringify(runOptions), cancellation, hear, hearStart);
        }),
  );
  return reportRun(await exportProducts(summary, options, formats, signal), options, signal);
}

export async function check(options: ApplyOptions, detail: CheckDetail = {}): Promise<CheckReport> {
  checkDetail(detail);
  const { explain = false, sample = 0, seed = 0, signal } = detail;
  if (signal?.aborted) throw stoppedCall(signal.reason);
  if (sample === 0) {
    refuseExisting(options);
    return fromJson<CheckReport>(native().check(JSON.stringify(toRunOptions(options)), explain));
  }
  const warnings = existingFiles(options);
  const task = { options: toRunOptions(options), detail: { explain, sample, seed } };
  const report = await (task.options.isolate ? superviseCheck(task, signal) : checkHere(task, signal));
  return { ...report, warnings: [...report.warnings, ...warnings] };
}

function checkHere({ options, detail }: IsolatedCheck, signal: AbortSignal | undefined): Promise<CheckReport> {
  return cancellable<CheckReport>(signal, (cancellation) =>
    native().checkWithSample(JSON.stringify(options), JSON.stringify(detail), cancellation),
  );
}

/** What a run would be refused for, because of files that its exports or its report would replace. */
function existingFiles(options: ApplyOptions): string[] {
  try {
    refuseExisting(options);
    return [];
  } catch (error) {
    if (error instanceof OutputError) return [error.message];
    throw error;
  }
}

/** Refuses a new run into a folder with files that its exports or its report would replace, before hours of work. */
function refuseExisting(options: ApplyOptions): void {
  if (options.force || options.resume) return;
  const files = [...exportFiles(options), ...(options.report ? [reportFile(options.outdir)] : [])];
  for (const file of files) refuseTaken(file, false, 'folder');
}

type HearJson = ((json: string) => void) | undefined;

/** Runs `work`, a call of the addon, in this process. */
export function runHere(
  { signal, onProgress }: ApplyControl,
  work: (cancellation: Cancellation, hear: HearJson) => Promise<string>,
): Promise<Summary> {
  const hear = onProgress && ((json: string) => onProgress(JSON.parse(json) as Progress));
  return cancellable<Summary>(signal, (cancellation) => work(cancellation, hear));
}

/** Runs `work` with callbacks that cannot disturb it and are not called after it. */
export async function listening(
  control: ApplyControl,
  work: (guarded: ApplyControl) => Promise<Summary>,
): Promise<Summary> {
  const { onStart, onProgress, stop } = listen(control);
  try {
    const summary = await work({ signal: control.signal, onStart, onProgress });
    // Not an enumerable key, because the keys are those of the file.
    return Object.defineProperty(summary, 'allRejected', { value: summary.all_rejected });
  } finally {
    stop();
  }
}

/** The callbacks. If one fails, the run continues, and a warning is given once per callback. */
function listen({ onStart, onProgress }: ApplyControl) {
  let isOpen = true;
  const guard = <T>(name: string, callback: ((value: T) => unknown) | undefined) => {
    if (!callback) return undefined;
    let hasWarned = false;
    const warn = (error: unknown) => {
      if (hasWarned) return;
      hasWarned = true;
      process.emitWarning(`${name} failed, the run continues: ${inWords(error)}`, 'XformProgressWarning');
    };
    return (value: T) => {
      if (!isOpen) return;
      try {
        // The result may be a promise of another realm, or an object that only looks like a promise.
        Promise.resolve(callback(value)).catch(warn);
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
