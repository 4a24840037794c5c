// Calls that take RDKit minutes: they hold up nothing else, can be stopped, and let the process end. Each process here
// has threads that cannot be stopped, so each is a child process.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { type Ended, root, run, SOON, temporaryFolder } from './util';

/** The start of each script. Every path of that many atoms through a fullerene is a site, and gives a product. */
const PROLOGUE = `
  const { apply, transformSmiles, RunawayError } = require(${JSON.stringify(root)});
  const { Worker, isMainThread, parentPort } = require('node:worker_threads');
  const fullerene = 'c12c3c4c5c1c1c6c7c2c2c8c3c3c9c4c4c%10c5c5c1c1c6c6c%11c7c2c2c7c8c3c3c8c9c4c4c9c%10c5c5c1c1c6c6c%11c2c2c7c3c3c8c4c4c9c5c1c1c6c2c3c41';
  const path = (atoms) => Array.from({ length: atoms }, (_, i) => '[*:' + (i + 1) + ']').join('~');
  const MINUTES = 8, SECONDS = 5;
  const transform = (atoms) => ({ smirks: path(atoms) + '>>' + path(atoms) });
  const phenol = ['Oc1ccccc1', { smirks: '[c:1][OX2H:2]>>[c:1][O:2]C' }];
  /** Calls that have started to work, each with the function that stops it. */
  const begin = (count, atoms = MINUTES, options = {}) => Array.from({ length: count }, () => {
    const controller = new AbortController();
    const call = transformSmiles(fullerene, transform(atoms), { signal: controller.signal, ...options });
    call.catch(() => {});
    return { call, abort: (reason) => controller.abort(reason) };
  });
  const outcome = (call) => call.then(() => 'resolved', ({ name, code, cause, details }) => ({ name, code, cause, details }));
  const say = (value) => console.log(JSON.stringify(value));
`;

/** Runs a script to its end and returns what it printed. */
async function script(t: ExecutionContext, body: string, status = 0): Promise<unknown[]> {
  const ended = await run(process.execPath, ['-e', `${PROLOGUE}\n(async () => {${body}})();`]);
  t.deepEqual([ended.status, ended.signal], [status, null], ended.stderr);
  return said(ended);
}

function said({ stdout }: Ended): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

test('files are read while calls keep RDKit busy', async (t) => {
  const heard = await script(
    t,
    `begin(12);
     say((await require('node:fs/promises').readFile(${JSON.stringify(join(root, 'package.json'))})).length > 0);
     process.exit();`,
  );
  t.deepEqual(heard, [true]);
});

test('an aborted call rejects at once, and another thread replaces its own', async (t) => {
  const [stopped, milliseconds, after] = await script(
    t,
    `const calls = begin(6);
     await new Promise((wake) => setTimeout(wake, 200));
     const before = performance.now();
     for (const { abort } of calls) abort('enough');
     say(await Promise.all(calls.map(({ call }) => outcome(call))));
     say(performance.now() - before);
     say((await transformSmiles(...phenol)).products[0].smiles);
     process.exit();`,
  );
  const each = { name: 'CancelledError', code: 'XFORM_CANCELLED', cause: 'enough', details: {} };
  t.deepEqual(stopped, Array(6).fill(each));
  t.true((milliseconds as number) < SOON);
  t.is(after, 'COc1ccccc1');
});

test('a call that is aborted before its turn never works', async (t) => {
  const heard = await script(
    t,
    `const calls = begin(40);
     for (const { abort } of calls.slice(20)) abort();
     say((await Promise.all(calls.slice(20).map(({ call }) => outcome(call)))).every(({ code }) => code === 'XFORM_CANCELLED'));
     for (const { abort } of calls.slice(0, 1)) abort();
     say((await outcome(calls[0].call)).code);
     process.exit();`,
  );
  t.deepEqual(heard, [true, 'XFORM_CANCELLED']);
});

test('calls are refused while too many stopped ones hold threads, and accepted again afterwards', async (t) => {
  const [refused, isolated, later] = await script(
    t,
    `const stopped = [];
     while (stopped.length < 8) {
       const [one] = begin(1, SECONDS);
       one.abort();
       stopped.push(await outcome(one.call));
     }
     const refused = await outcome(transformSmiles(...phenol));
     say(refused);
     say((await transformSmiles(...phenol, { isolate: true })).outcome);
     for (;;) {
       const last = await outcome(transformSmiles(...phenol));
       if (last === 'resolved') break;
       await new Promise((wake) => setTimeout(wake, 100));
     }
     say('taken again');`,
  );
  t.deepEqual(refused, { name: 'RunawayError', code: 'XFORM_RUNAWAYS', details: { count: 8 } });
  t.is(isolated, 'with_products');
  t.is(later, 'taken again');
});

const exits: Record<string, { body: string; status: number }> = {
  'process.exit(7)': { body: 'begin(4); setTimeout(() => process.exit(7), 300);', status: 7 },
  'process.exit() with a listener that changes the status': {
    body: `begin(4);
      process.on('exit', () => { process.exitCode = 9; });
      setTimeout(() => process.exit(7), 300);`,
    status: 9,
  },
  'an uncaught exception': { body: "begin(4); setTimeout(() => { throw new Error('uncaught'); }, 300);", status: 1 },
  'nothing left to do': {
    body: `const calls = begin(4);
      process.exitCode = 6;
      setTimeout(() => calls.forEach(({ abort }) => abort()), 300);`,
    status: 6,
  },
};

for (const [name, { body, status }] of Object.entries(exits)) {
  test(`a process whose calls still run ends with the requested status: ${name}`, async (t) => {
    await script(t, `process.on('exit', () => say('listeners are called')); ${body}`, status).then((heard) =>
      t.deepEqual(heard, ['listeners are called']),
    );
  });
}

test('a worker thread whose calls still run can be terminated, and the process continues and exits', async (t) => {
  const worker = `${PROLOGUE} begin(4); setTimeout(() => parentPort.postMessage('busy'), 300);`;
  const heard = await script(
    t,
    `for (let round = 0; round < 3; round++) {
       const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
       await new Promise((busy) => worker.once('message', busy));
       await worker.terminate();
       say((await outcome(transformSmiles(...phenol))).code ?? 'resolved');
     }
     process.exitCode = 5;`,
    5,
  );
  t.deepEqual(heard, ['resolved', 'XFORM_RUNAWAYS', 'XFORM_RUNAWAYS']);
});

test('process.exit() ends a worker thread whose calls still run, though the main thread has no addon', async (t) => {
  const worker = `${PROLOGUE} begin(4); setTimeout(() => parentPort.postMessage('busy'), 300);`;
  const main = `
    const { Worker } = require('node:worker_threads');
    new Worker(${JSON.stringify(worker)}, { eval: true }).once('message', () => process.exit(8));
  `;
  const ended = await run(process.execPath, ['-e', main]);
  t.deepEqual([ended.status, ended.signal], [8, null], ended.stderr);
});

test('a process ends with the requested status during a run in which RDKit is stuck on a molecule', async (t) => {
  const folder = temporaryFolder(t);
  const heard = await script(
    t,
    `const { writeFileSync } = require('node:fs');
     const { join } = require('node:path');
     const folder = ${JSON.stringify(folder)};
     writeFileSync(join(folder, 'library.smi'), fullerene + ' one\\n');
     writeFileSync(join(folder, 'transforms.yaml'),
       'version: 1\\ntransforms:\\n  - {name: slow, smirks: "' + transform(MINUTES).smirks + '"}\\n');
     const options = { input: join(folder, 'library.smi'), outdir: join(folder, 'out'), xfConfig: join(folder, 'transforms.yaml'), xfName: 'all' };
     apply(options, { onStart: () => setTimeout(() => { say('exit'); process.exit(7); }, 300) });`,
    7,
  );
  t.deepEqual(heard, ['exit']);
  t.false(existsSync(join(folder, 'out', 'SUMMARY.json')));
});
