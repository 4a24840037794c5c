// `xform-native report`: what it prints, and its exit status.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import type { WrittenReport } from 'xform-native';
import { type Failed, jobArguments, temporaryFolder, xform } from '../util';

test('the name of the file, or an object', async (t) => {
  const folder = temporaryFolder(t);
  const run = await xform(jobArguments(folder, '--report'));
  t.is(run.status, 0, run.stderr);
  const file = join(folder, 'out', 'report.html');
  t.regex(run.stdout, new RegExp(`^ +${file} +[\\d.,]+ [KM]?i?B$`, 'm'));
  const again = await xform(['report', join(folder, 'out'), '--json']);
  t.is(again.status, 2);
  t.is((JSON.parse(again.stdout) as Failed).error.code, 'XFORM_FILE_EXISTS');
  const forced = await xform(['report', join(folder, 'out'), '--force', '--json']);
  t.deepEqual(JSON.parse(forced.stdout) as WrittenReport, { file, bytes: statSync(file).size });
  const named = join(folder, 'named.html');
  const shown = await xform(['report', join(folder, 'out'), '-o', named]);
  t.regex(shown.stdout, new RegExp(`^${named}  [\\d.,]+ [KM]?i?B\n$`));
  const quiet = await xform(['report', join(folder, 'out'), '-o', named, '--force', '--quiet']);
  t.deepEqual([quiet.status, quiet.stdout, quiet.stderr], [0, '', '']);
});

test('a folder without a finished run is a usage error', async (t) => {
  const folder = temporaryFolder(t);
  const refused = await xform(['report', folder]);
  t.is(refused.status, 2);
  t.regex(refused.stderr, /^error: .*no run has finished in this folder, there is no SUMMARY\.json/);
  t.deepEqual(readdirSync(folder), []);
});
