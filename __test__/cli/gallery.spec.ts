// `xform-native gallery`: what it prints.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import type { GallerySummary } from 'xform-native';
import { type Failed, plants, temporaryFolder, xform } from '../util';

test('a short summary, or an object', async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, 'plants.html');
  const args = ['gallery', plants, '-o', output, '--where', "smiles like '%Br%' or smiles like '%O%'", '--limit', '20'];
  const shown = await xform([...args, '--query', '[OX2H]', '--query', 'Br']);
  t.is(shown.status, 0, shown.stderr);
  t.regex(
    shown.stdout,
    /^.*plants-1k\.parquet\n1,000 rows, \d+ meet the condition, 20 shown\n\[OX2H\] +\d+ molecules match\nBr +\d+ molecules match\n.*plants\.html +20 molecules +.*B\n$/,
  );
  const again = await xform([...args, '--json']);
  t.is(again.status, 2);
  t.is((JSON.parse(again.stdout) as Failed).error.code, 'XFORM_FILE_EXISTS');
  const forced = await xform([...args, '--force', '--json']);
  t.like(JSON.parse(forced.stdout) as GallerySummary, { rows_total: 1000, rows_shown: 20, not_drawn: 0 });
  const quiet = await xform([...args, '--force', '--quiet']);
  t.deepEqual([quiet.status, quiet.stdout, quiet.stderr], [0, '', '']);
});

test('a query that is not a SMARTS is a usage error with its place', async (t) => {
  const folder = temporaryFolder(t);
  const refused = await xform(['gallery', plants, '-o', join(folder, 'page.html'), '--query', 'c1cc[']);
  t.is(refused.status, 2);
  t.regex(refused.stderr, /--query: "c1cc\[": .* at (its end|character \d+)/);
});

test('a picture for a slide', async (t) => {
  const folder = temporaryFolder(t);
  const drawn = await xform(['gallery', plants, '--grid', '2x2', '-o', join(folder, 'slide.svg')]);
  t.is(drawn.status, 0, drawn.stderr);
  t.regex(readFileSync(join(folder, 'slide.svg'), 'utf8'), /^<svg xmlns=/);
  const pdf = await xform(['gallery', plants, '--grid', '2x2', '-o', join(folder, 'slide.pdf')]);
  t.is(pdf.status, 2);
  t.regex(pdf.stderr, /--output: must end in \.svg or \.png with --grid/);
  t.false(existsSync(join(folder, 'slide.pdf')));
});
