// `xform-native demo`: a first run without files of one's own.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { type Failed, installedFolder, run, withPackage } from '../util';

const demo = (folder: string, ...flags: string[]) =>
  run('npx', ['xform-native', 'demo', ...flags], { cwd: folder, env: withPackage(folder) });

test('it needs nothing but the package, and the commands that it names work', async (t) => {
  const folder = installedFolder(t);
  const { status, stdout, stderr } = await demo(folder);
  t.is(status, 0, stderr);
  t.regex(stdout, /^products +944 = 939 unique \+ 5 duplicates$/m);
  t.true(stdout.includes('Open xform-native-demo/gallery.html in a browser.'), stdout);
  t.deepEqual(readdirSync(join(folder, 'xform-native-demo')).sort(), [
    'SUMMARY.json',
    'gallery.html',
    'products.parquet',
    'rejects.parquet',
  ]);
  const page = readFileSync(join(folder, 'xform-native-demo', 'gallery.html'), 'utf8');
  t.true(page.startsWith('<!doctype html>') && page.length > 100_000);

  const next = [...stdout.matchAll(/^ +\$ (.+)$/gm)].map(([, command = '']) => command);
  t.is(next.length, 3);
  for (const command of next) {
    const own = command.replace('LIBRARY', 'node_modules/xform-native/examples/plants-1k.parquet');
    const ended = await run('bash', ['-c', own], { cwd: folder, env: withPackage(folder) });
    t.is(ended.status, 0, `${own}\n${ended.stderr}`);
  }
});

test('it replaces an earlier demo only with --force, and may be silent or JSON', async (t) => {
  const folder = installedFolder(t);
  const first = await demo(folder, 'mine', '--json');
  t.is(first.status, 0, first.stderr);
  t.is((JSON.parse(first.stdout) as { unique_products: number }).unique_products, 939);
  const second = await demo(folder, 'mine', '--json');
  t.is(second.status, 2);
  t.is((JSON.parse(second.stdout) as Failed).error.code, 'XFORM_OUTPUT_EXISTS');
  const forced = await demo(folder, 'mine', '--force', '--quiet');
  t.deepEqual([forced.status, forced.stdout, forced.stderr], [0, '', '']);
});
