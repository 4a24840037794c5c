// transformSmiles in a child process: molecules that kill it, and what ends it. A special addon (`npm run
// build:test-addon`) causes the deaths: its kernel dies or loops forever at the SMILES that XFORM_CRASH_SMILES names.

import test, { type ExecutionContext } from 'ava';
import { CancelledError, ConfigError, type MoleculeResult, OptionError, transformSmiles } from 'xform-native';
import { crashAt, root, run } from './util';

const methylation = { smirks: '[c:1][OX2H:2]>>[c:1][O:2]C' };
const phenols = ['Oc1ccccc1', 'Oc1ccccc1C', 'CC', 'Oc1ccccc1CC', 'not a molecule', 'Oc1ccccc1CCC'];

test('the results equal those of a call without a child', async (t) => {
  t.deepEqual(
    await transformSmiles(phenols, methylation, { isolate: true }),
    await transformSmiles(phenols, methylation),
  );
  t.deepEqual(await transformSmiles([], methylation, { isolate: true }), []);
  t.like(await transformSmiles('Oc1ccccc1', methylation, { isolate: true }), { outcome: 'with_products' });
});

test('errors of a transform equal those of a call without a child', async (t) => {
  for (const smiles of [[], phenols]) {
    const error = await t.throwsAsync(transformSmiles(smiles, { smirks: '[C:1>>[C:1]' }, { isolate: true }), {
      instanceOf: ConfigError,
      code: 'XFORM_INVALID_SMIRKS',
    });
    t.like(error?.details, { smirks: '[C:1>>[C:1]' });
  }
});

for (const [death, code] of Object.entries({
  abort: 'crashed',
  segv: 'crashed',
  stack: 'crashed',
  spin: 'timed_out',
})) {
  test.serial(`${death}: the molecule is ${code}, and the others get their results`, async (t) => {
    const guilty = [phenols[1], phenols[3], phenols[5]];
    const results = await inScript(t, `${death}:${guilty.join(`;${death}:`)}`, { isolate: true, molTimeout: 1 });
    const expected = await transformSmiles(phenols, methylation);
    t.deepEqual(
      results.filter(({ source_smiles }) => !guilty.includes(source_smiles)),
      expected.filter(({ source_smiles }) => !guilty.includes(source_smiles)),
    );
    t.deepEqual(
      results
        .filter(({ source_smiles }) => guilty.includes(source_smiles))
        .map(({ outcome, products, rejects }) => [outcome, products.length, rejects.map((reject) => reject.code)]),
      guilty.map(() => ['rejected', 0, [code]]),
    );
  });
}

test('an aborted call ends its child', async (t) => {
  const script = `
    const { transformSmiles } = require(${JSON.stringify(root)});
    const { ChildProcess } = require('node:child_process');
    const started = [];
    const spawn = ChildProcess.prototype.spawn;
    ChildProcess.prototype.spawn = function (options) { started.push(this); return spawn.call(this, options); };
    const controller = new AbortController();
    transformSmiles('Oc1ccccc1', ${JSON.stringify(methylation)}, { isolate: true, molTimeout: 0, signal: controller.signal })
      .catch(({ code }) => {
        console.log(code);
        started[0].once('exit', (_, signal) => console.log(signal));
      });
    setTimeout(() => controller.abort(), 1000);
  `;
  const ended = await run(process.execPath, ['-e', script], { env: crashAt(t, 'spin:Oc1ccccc1') });
  t.is(ended.status, 0, ended.stderr);
  t.is(ended.stdout, 'XFORM_CANCELLED\nSIGKILL\n');
});

test('with an already aborted signal, nothing starts', async (t) => {
  const signal = AbortSignal.abort('before');
  for (const isolate of [false, true]) {
    const error = await t.throwsAsync(transformSmiles('C', methylation, { isolate, signal }), {
      instanceOf: CancelledError,
    });
    t.is(error?.cause, 'before');
  }
});

test('more simultaneous calls than cores all get their results', async (t) => {
  const calls = Array.from({ length: 12 }, () => transformSmiles('Oc1ccccc1', methylation, { isolate: true }));
  t.true((await Promise.all(calls)).every(({ outcome }) => outcome === 'with_products'));
});

test('limits have the same effect as in apply', async (t) => {
  const diol = 'OCC(C)O';
  const alcohol = { smirks: '[C:1][OX2H:2]>>[C:1][O:2]C' };
  for (const isolate of [false, true]) {
    const codes = async (limits: object) =>
      (await transformSmiles(diol, alcohol, { ...limits, isolate })).rejects.map(({ code }) => code);
    t.deepEqual(await codes({}), []);
    t.deepEqual(await codes({ maxAtoms: 5 }), []);
    t.deepEqual(await codes({ maxAtoms: 4 }), ['too_many_atoms']);
    t.deepEqual(await codes({ maxProductsPerMol: 2 }), []);
    t.deepEqual(await codes({ maxProductsPerMol: 1 }), ['too_many_products']);
    const products = async (maxSites: number) =>
      (await transformSmiles(diol, { ...alcohol, max_sites_per_mol: 1 }, { maxSites, isolate })).products.length;
    t.is(await products(1), 1);
    t.is(await products(-1), 2);
  }
});

test('invalid limits are option errors, named as in the API', async (t) => {
  const wrong: [options: object, option: string][] = [
    [{ maxAtoms: 0 }, 'maxAtoms'],
    [{ maxAtoms: 1.5 }, 'maxAtoms'],
    [{ maxProductsPerMol: 0 }, 'maxProductsPerMol'],
    [{ maxSites: 0 }, 'maxSites'],
    [{ maxSites: '1' }, 'maxSites'],
    [{ isolate: 1 }, 'isolate'],
    [{ isolate: true, molTimeout: -1 }, 'molTimeout'],
    [{ molTimeout: 5 }, 'molTimeout'],
    [{ signal: {} }, 'signal'],
    [{ workers: 2 }, 'workers'],
  ];
  for (const [options, option] of wrong) {
    const error = await t.throwsAsync(transformSmiles('C', methylation, options), { instanceOf: OptionError });
    t.is(error?.details['option'], option);
  }
});

async function inScript(t: ExecutionContext, fates: string, options: object): Promise<MoleculeResult[]> {
  const args = [phenols, methylation, options].map((value) => JSON.stringify(value)).join(', ');
  const script = `
    require(${JSON.stringify(root)}).transformSmiles(${args}).then((results) => console.log(JSON.stringify(results)));
  `;
  const ended = await run(process.execPath, ['-e', script], { env: crashAt(t, fates) });
  t.is(ended.status, 0, ended.stderr);
  return JSON.parse(ended.stdout) as MoleculeResult[];
}
