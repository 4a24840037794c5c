// Callers whose globals differ from those of Node's own modules (Jest, `vmThreads` of vitest), and the values they may
// throw.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

import test from 'ava';
import type * as Api from 'xform-native';
import { job, root, temporaryFolder, until, writeLargeLibrary } from './util';

/** The package as Jest loads it: each file in a context with its own `Error`, `Promise` and so on. */
function inOtherRealm(): { api: typeof Api; evaluate: (code: string) => unknown } {
  const context = createContext({ process, Buffer, setTimeout, clearTimeout, setInterval, clearInterval, AbortSignal });
  const loaded = new Map<string, { exports: unknown }>();
  const load = (path: string): unknown => {
    const known = loaded.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(path, module);
    const nodes = createRequire(path);
    const require = Object.assign(
      (name: string) => {
        const found = nodes.resolve(name);
        return found.startsWith(join(root, 'dist')) ? load(found) : nodes(name);
      },
      { resolve: nodes.resolve },
    );
    const wrapped = `(function (exports, require, module, __filename, __dirname) {${readFileSync(path, 'utf8')}\n})`;
    runInContext(wrapped, context, { filename: path })(module.exports, require, module, path, dirname(path));
    return module.exports;
  };
  const api = load(join(root, 'dist', 'index.js')) as typeof Api;
  return { api, evaluate: (code) => runInContext(code, context) };
}

test('errors keep their classes in another realm', async (t) => {
  const folder = temporaryFolder(t);
  const { api, evaluate } = inOtherRealm();
  t.not(evaluate('Error'), Error);
  await t.throwsAsync(api.transformSmiles('C', { smirks: '[C:1>>[C:1]' }), {
    any: true,
    instanceOf: api.ConfigError,
    code: 'XFORM_INVALID_SMIRKS',
  });
  const outdir = join(folder, 'absent', '\0');
  for (const isolate of [false, true]) {
    await t.throwsAsync(api.apply(job(folder, { input: join(folder, 'absent.smi'), isolate })), {
      any: true,
      instanceOf: api.InputError,
      code: 'XFORM_INPUT_NOT_FOUND',
    });
  }
  await t.throwsAsync(api.verify(outdir), { any: true, instanceOf: api.XformError });
});

test('a run from another realm finishes, although its callbacks reject', async (t) => {
  const folder = temporaryFolder(t);
  const { api, evaluate } = inOtherRealm();
  const rejecting = evaluate('() => Promise.reject(Object.create(null))') as () => never;
  for (const isolate of [false, true]) {
    const summary = await api.apply(job(folder, { isolate, force: true }), {
      onStart: rejecting,
      onProgress: rejecting,
    });
    t.is(summary.total_input, 1000);
  }
});

const thrown: Record<string, () => unknown> = {
  'an object without a prototype': () => Object.create(null),
  'a symbol': () => Symbol('odd'),
  undefined: () => undefined,
  'an object whose text throws': () => ({ toString: throwing, [Symbol.toPrimitive]: throwing }),
  'an error whose message throws': () => Object.defineProperty(new Error('odd'), 'message', { get: throwing }),
  'a proxy that refuses everything': () =>
    new Proxy({}, { get: throwing, getOwnPropertyDescriptor: throwing, ownKeys: throwing }),
  'a function': () => throwing,
};

function throwing(): never {
  throw new Error('thrown again');
}

for (const [name, make] of Object.entries(thrown)) {
  test.serial(`a callback may throw or reject with ${name}`, async (t) => {
    const folder = temporaryFolder(t);
    const input = await writeLargeLibrary(folder, 3000);
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    t.teardown(() => process.off('warning', hear));
    const control = {
      onStart: () => {
        throw make();
      },
      onProgress: () => Promise.reject(make()) as never,
    };
    const { total_input } = await api().apply(job(folder, { input }), control);
    t.is(total_input, 3000);
    await until(() => warnings.filter(({ name }) => name === 'XformProgressWarning').length === 2);
  });

  test(`a signal may be aborted with ${name}`, async (t) => {
    const folder = temporaryFolder(t);
    const reason = make();
    const isSame = (error: Error | undefined) => t.is(error?.cause, reason === undefined ? error?.cause : reason);
    isSame(
      await t.throwsAsync(api().apply(job(folder), { signal: AbortSignal.abort(reason) }), { code: 'XFORM_CANCELLED' }),
    );
    const controller = new AbortController();
    const call = api().transformSmiles('C', { smirks: '[C:1]>>[C:1]' }, { signal: controller.signal });
    controller.abort(reason);
    isSame(await t.throwsAsync(call, { code: 'XFORM_CANCELLED' }));
  });
}

test('the call rejects with the value that a getter of the options throws', async (t) => {
  const odd = Object.create(null);
  const failing = (key: string) =>
    Object.defineProperty({}, key, {
      enumerable: true,
      get() {
        throw odd;
      },
    }) as never;
  const folder = temporaryFolder(t);
  const calls = [
    () => api().apply(failing('input')),
    () => api().apply(job(folder), failing('signal')),
    () => api().apply(job(folder), failing('onProgress')),
    () => api().check(failing('input')),
    () => api().merge(failing('shards')),
    () => api().clusterApply(failing('input')),
    () => api().transformSmiles('C', failing('smirks')),
    () => api().transformSmiles('C', { smirks: '[C:1]>>[C:1]' }, failing('maxAtoms')),
  ];
  for (const call of calls) t.is(await rejection(call()), odd, String(call));
});

test('options that change while they are read are read only once', async (t) => {
  const folder = temporaryFolder(t);
  let reads = 0;
  const options = Object.defineProperty(job(folder), 'maxAtoms', {
    enumerable: true,
    get: () => (reads++ === 0 ? 2_000 : 'many'),
  });
  t.is((await api().apply(options)).total_input, 1000);
});

test('a control of a wrong type is an option error', async (t) => {
  const folder = temporaryFolder(t);
  const wrong: unknown[] = [null, 7, { signal: {} }, { signal: null }, { onProgress: 'yes' }, { onStart: 1 }];
  for (const control of wrong) {
    await t.throwsAsync(api().apply(job(folder), control as object), { code: 'XFORM_INVALID_OPTION' }, String(control));
  }
});

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );
}

function api(): typeof Api {
  return require(root) as typeof Api;
}
