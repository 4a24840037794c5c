// The package inside a bundle. A bundler puts all code into one file, so __dirname is a different folder and files
// other than code are missing.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { job, root, run, temporaryFolder } from './util';

/**
 * Writes a bundle of the package as bundlers do: its modules as functions of one file, and a `require` that finds them.
 */
function writeBundle(folder: string): string {
  const dist = join(root, 'dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  const sources = [
    ...files.map((file) => join(dist, file)),
    join(root, 'native', 'binding.js'),
    join(root, 'package.json'),
  ];
  const modules = sources.map((path) => {
    const text = readFileSync(path, 'utf8').replace(/^#!.*/, '');
    const code = path.endsWith('.json') ? `module.exports = ${text}` : text;
    return `${JSON.stringify(path)}: (exports, require, module) => {${code}\n}`;
  });
  const bundle = join(folder, 'app.js');
  writeFileSync(
    bundle,
    `const { dirname, resolve } = require('node:path');
    const modules = {${modules.join(',\n')}};
    const loaded = {};
    const load = (path) => {
      if (loaded[path]) return loaded[path].exports;
      const module = (loaded[path] = { exports: {} });
      const inside = (name) => [name, name + '.js', name + '.json'].map((each) => resolve(dirname(path), each)).find((each) => modules[each]);
      modules[path](module.exports, (name) => (inside(name) ? load(inside(name)) : require(name)), module);
      return module.exports;
    };
    const api = load(${JSON.stringify(join(dist, 'index.js'))});
    const [name, ...args] = JSON.parse(process.argv[2]);
    api[name](...args).catch(({ name, code, message }) => console.log(JSON.stringify({ name, code, message })));`,
  );
  return bundle;
}

const methylation = { smirks: '[c:1][OX2H:2]>>[c:1][O:2]C' };

for (const isolate of [false, true]) {
  test(`a bundle's error explains what is missing and what to do (isolate: ${isolate})`, async (t) => {
    const folder = temporaryFolder(t);
    const bundle = writeBundle(folder);
    for (const call of [
      ['apply', job(folder, { isolate })],
      ['transformSmiles', 'Oc1ccccc1', methylation, { isolate }],
    ]) {
      const ended = await run(process.execPath, [bundle, JSON.stringify(call)]);
      t.is(ended.status, 0, ended.stderr);
      const { name, code, message } = JSON.parse(ended.stdout) as Record<string, string>;
      t.deepEqual([name, code], ['NativeLoadError', 'XFORM_NATIVE_LOAD'], message);
      t.regex(message ?? '', /--external:xform-native/);
    }
  });
}
