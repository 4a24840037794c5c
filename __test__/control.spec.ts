// Controlling a run: progress, AbortSignal, and the end of the process or thread that started it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import test from 'ava';
import { apply, CancelledError, check, type Progress } from 'xform-native';
import { finalFiles, job, LONG, root, run, SOON, stopWhen, temporaryFolder, writeLargeLibrary } from './util';

test('progress counts up to the end, and nothing follows it', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 5000);
  const seen: Progress[] = [];
  const summary = await apply(job(folder, { input }), { onProgress: (progress) => seen.push(progress) });
  const count = seen.length;
  t.true(count >= 1);
  for (const progress of seen) {
    t.is(progress.rows_total, 5000);
    t.true(progress.rows <= 5000 && progress.unique <= progress.products && progress.memory_bytes > 0);
  }
  t.deepEqual(
    seen.map(({ rows }) => rows),
    seen.map(({ rows }) => rows).sort((a, b) => a - b),
  );
  // At most one report every 200 ms, and one at the end.
  t.true(count <= summary.elapsed_seconds / 0.2 + 2, `${count} reports in ${summary.elapsed_seconds} s`);
  await new Promise((wake) => setTimeout(wake, 500));
  t.is(seen.length, count);
});

for (const isolate of [false, true]) {
  test(`onStart receives the report of check once, before any progress (isolate: ${isolate})`, async (t) => {
    const folder = temporaryFolder(t);
    const options = job(folder, { input: await writeLargeLibrary(folder, 5000), isolate });
    const expected = await check(options);
    const heard: unknown[] = [];
    await apply(options, {
      onStart: (report) => heard.push(report),
      onProgress: ({ rows_total }) => heard.push(rows_total),
    });
    t.deepEqual(heard[0], expected);
    t.true(heard.length > 1);
    t.true(heard.slice(1).every((each) => each === 5000));
  });
}

test.serial('a progress callback that throws or rejects does not stop the run', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, 5000);
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on('warning', hear);
  t.teardown(() => process.off('warning', hear));
  const failing = () => {
    throw new Error('thrown by the callback');
  };
  const rejecting = () => Promise.reject(new Error('rejected by the callback')) as never;
  for (const onProgress of [failing, rejecting]) {
    const { total_input } = await apply(job(folder, { input, force: true }), { onProgress });
    t.is(total_input, 5000);
  }
  await new Promise((wake) => setImmediate(wake));
  const messages = warnings.filter(({ name }) => name === 'XformProgressWarning').map(({ message }) => message);
  t.is(messages.length, 2);
  t.true(messages[0]?.includes('thrown by the callback') && messages[1]?.includes('rejected by the callback'));
});

test.serial('an aborted signal stops the run, and no file has its final name', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  const reason = new Error('enough');
  const control = stopWhen(({ rows }) => rows > 0, reason);
  let abortedAt = 0;
  control.signal.addEventListener('abort', () => {
    abortedAt = performance.now();
  });
  const error = await t.throwsAsync(apply(job(folder, { input, workers: 1 }), control), {
    instanceOf: CancelledError,
    code: 'XFORM_CANCELLED',
  });
  t.true(performance.now() - abortedAt < SOON);
  t.is(error?.cause, reason);
  t.true(Number(error?.details['rows']) > 0);
  t.deepEqual(finalFiles(join(folder, 'out')), []);
  t.deepEqual(readdirSync(join(folder, 'out')), ['.xform-native'], 'what a resumed run needs, and nothing else');
});

test('with an already aborted signal, nothing starts', async (t) => {
  const folder = temporaryFolder(t);
  const error = await t.throwsAsync(apply(job(folder), { signal: AbortSignal.abort('before') }), {
    instanceOf: CancelledError,
  });
  t.is(error?.cause, 'before');
  t.deepEqual(readdirSync(folder), []);
});

test('a stopped run can be resumed or started over', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  const unbroken = await apply(job(folder, { input, outdir: join(folder, 'unbroken') }));
  const stopped = () =>
    apply(
      job(folder, { input, workers: 1, force: true }),
      stopWhen(({ rows }) => rows > 0),
    );
  await t.throwsAsync(stopped, { instanceOf: CancelledError });
  await t.throwsAsync(apply(job(folder, { input })), { code: 'XFORM_OUTPUT_EXISTS', message: /--resume/ });
  const resumed = await apply(job(folder, { input, resume: true }));
  t.is(resumed.files.products.sha256, unbroken.files.products.sha256);
  t.true(resumed.rows_resumed > 0);
  t.deepEqual(readdirSync(join(folder, 'out')).sort(), ['SUMMARY.json', 'products.parquet', 'rejects.parquet']);

  await t.throwsAsync(stopped, { instanceOf: CancelledError });
  const anew = await apply(job(folder, { input, force: true }));
  t.is(anew.rows_resumed, 0);
  t.is(anew.files.products.sha256, unbroken.files.products.sha256);
});

test('two runs at a time do not disturb each other', async (t) => {
  const folders = [temporaryFolder(t), temporaryFolder(t)];
  const [first, second] = await Promise.all(folders.map((folder) => apply(job(folder))));
  t.is(first?.files.products.sha256, second?.files.products.sha256);
});

test.serial('process.exit() during a run ends the process with the requested status, without a crash', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  const script = `
    const { apply } = require(${JSON.stringify(root)});
    apply(${JSON.stringify(job(folder, { input }))}, { onProgress: () => process.exit(7) });
  `;
  const ended = await run(process.execPath, ['-e', script]);
  t.is(ended.signal, null);
  t.is(ended.status, 7, ended.stderr);
  t.deepEqual(finalFiles(join(folder, 'out')), []);
});

test.serial('terminating a worker thread stops its run', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeLargeLibrary(folder, LONG);
  const script = `
    const { parentPort } = require('node:worker_threads');
    const { apply } = require(${JSON.stringify(root)});
    apply(${JSON.stringify(job(folder, { input }))}, { onProgress: () => parentPort.postMessage('running') });
  `;
  const worker = new Worker(script, { eval: true });
  await new Promise((running, failed) => worker.once('message', running).once('error', failed));
  const started = performance.now();
  await worker.terminate();
  t.true(performance.now() - started < SOON);
  t.deepEqual(finalFiles(join(folder, 'out')), []);
});
