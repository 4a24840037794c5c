// JavaScript threads that load the addon: one after the other, at once, and next to a second copy of it. Any process
// here may crash if the test fails, so each is a child process.
import { cpSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { root, run, temporaryFolder } from './util';

/** A script that transforms a molecule with the package at `path` and prints the product. */
const transformOnce = (path: string) => `
  require(${JSON.stringify(path)})
    .transformSmiles('Cc1ccccc1O', { smirks: '[c:1][OX2H:2]>>[c:1][O:2]C' })
    .then(({ products }) => console.log(products[0].smiles));
`;
const PRODUCT = 'COc1ccccc1C';

/** A script that runs `script` in worker threads: `rounds` rounds of `atOnce` at a time. */
const inWorkers = (script: string, rounds: number, atOnce: number) => `
  const { Worker } = require('node:worker_threads');
  const one = () => new Promise((ended, failed) =>
    new Worker(${JSON.stringify(script)}, { eval: true }).on('error', failed).on('exit', ended));
  (async () => {
    for (let round = 0; round < ${rounds}; round++) {
      const codes = await Promise.all(Array.from({ length: ${atOnce} }, one));
      if (codes.some((code) => code !== 0)) throw new Error('exit ' + codes);
    }
  })();
`;

for (const [name, rounds, atOnce] of [
  ['one after the other', 12, 1],
  ['at once', 1, 12],
  ['at once, time and again', 6, 4],
] as const) {
  test(`worker threads may load the addon ${name}`, async (t) => {
    const ended = await run(process.execPath, ['-e', inWorkers(transformOnce(root), rounds, atOnce)]);
    t.deepEqual([ended.status, ended.signal], [0, null], ended.stderr);
    t.is(ended.stdout, `${PRODUCT}\n`.repeat(rounds * atOnce));
  });
}

test('the main thread may load the addon after a worker thread has exited', async (t) => {
  const script = `
    const { Worker } = require('node:worker_threads');
    new Worker(${JSON.stringify(transformOnce(root))}, { eval: true }).on('exit', () => {${transformOnce(root)}});
  `;
  const ended = await run(process.execPath, ['-e', script]);
  t.deepEqual([ended.status, ended.signal], [0, null], ended.stderr);
  t.is(ended.stdout, `${PRODUCT}\n`.repeat(2));
});

test('a process may hold several copies of the package', async (t) => {
  const copies = [root, ...[1, 2, 3].map((index) => join(temporaryFolder(t), `copy-${index}`))];
  for (const copy of copies.slice(1)) {
    for (const part of ['dist', 'native', 'package.json'])
      cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  const ended = await run(process.execPath, ['-e', copies.map(transformOnce).join('')]);
  t.deepEqual([ended.status, ended.signal], [0, null], ended.stderr);
  t.is(ended.stdout, `${PRODUCT}\n`.repeat(copies.length));
});
