// The output that the documentation shows is what the command prints. UPDATE_DOCS=1 writes it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { main, root, run } from './util';

const PAGES = ['README.md', 'docs/rules.md'];

/** A block with a command in its first line and its output below. */
const printed = /(?<=^```console\n)\$ (xform-native .*)\n([\s\S]*?)(?=^```$)/gm;

for (const page of PAGES) {
  test(`${page} shows what the command prints`, async (t) => {
    const file = join(root, page);
    let text = readFileSync(file, 'utf8');
    const blocks = [...text.matchAll(printed)];
    t.true(blocks.length > 0);
    for (const [block, command = '', output = ''] of blocks) {
      const script = `xform-native() { "${process.execPath}" "${main}" "$@"; }\n${command}`;
      const { stdout } = await run('bash', ['-c', script], { cwd: root });
      for (const line of stdout.split('\n')) t.true(Array.from(line).length <= 80, line);
      if (process.env.UPDATE_DOCS) text = text.replace(block, () => `$ ${command}\n${stdout}`);
      else t.is(output, stdout, command);
    }
    if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  });
}
