// Names from outside, which must not control the terminal.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import type { CheckReport } from 'xform-native';
import { temporaryFolder, writeParquet, xform } from '../util';

const sequences = '\x1b[31m\x1b]0;title\x07\u009b2J\u202e';
const raw = /[\p{Cc}\p{Bidi_Control}]/u;

test('names of columns, transforms and files do not reach the terminal with their escape sequences', async (t) => {
  const folder = temporaryFolder(t);
  const input = await writeParquet(join(folder, `${sequences}.parquet`), [
    { name: 'smiles', data: ['Oc1ccccc1', 'C'] },
    { name: `id${sequences}_id`, data: ['a', 'b'] },
    { name: `kept${sequences}`, data: ['x', 'y'] },
  ]);
  const config = join(folder, 'xf.yaml');
  writeFileSync(config, 'version: 1\ntransforms:\n- {name: OME, smirks: "[c:1][OX2H:2]>>[c:1][O:2]C"}\n');
  const own = { '-i': input, '-o': join(folder, `out${sequences}`), '--xf-config': config, '--xf-name': 'all' };
  const shown = async (...more: string[]) => {
    const rest = Object.entries(own).filter(([flag]) => !more.includes(flag));
    const { stdout, stderr } = await xform(['apply', ...rest.flat(), ...more]);
    const lines = (stdout + stderr).split('\n');
    t.false(
      lines.some((line) => raw.test(line)),
      JSON.stringify(lines.filter((line) => raw.test(line))),
    );
    return stdout + stderr;
  };
  t.true((await shown('--keep-columns', 'all')).includes('id\\x1b[31m\\x1b]0;title\\x07\\x9b2J\\u202e_id'));
  await shown('--dry-run', '--explain', '--force');
  const summary = JSON.parse((await shown('--force', '--json')).split('\n')[0] ?? '') as CheckReport;
  t.is(summary.columns.id, `id${sequences}_id`, 'data stays what it is');
  await shown('--resume', '--keep-columns', sequences);
  await shown('--force', '--smiles-column', sequences);
  await shown('--force', '--xf-name', sequences);
  await shown('--force', '--xf-config', join(folder, sequences));
  await shown('--force', '-i', join(folder, sequences));
  await shown(sequences);
  await shown(`--${sequences}`);
  await shown('--dedup', sequences);
  await shown('--workers', sequences);
  const verified = await xform(['verify', join(folder, `out${sequences}`)]);
  t.false(verified.stdout.split('\n').some((line) => raw.test(line)));
});
