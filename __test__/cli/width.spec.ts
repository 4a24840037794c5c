// What the command shows on terminals of 60, 80 and 120 columns, as golden/terminal has it. UPDATE_GOLDEN=1 writes it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { config, main, root, run, temporaryFolder, writeTransforms } from '../util';

const WIDTHS = [60, 80, 120];
const golden = join(root, '__test__', 'golden', 'terminal');

/** The word in a command that becomes a file of rules with faults. */
const ODD = 'odd.yaml';

const commands: Record<string, string> = {
  usage: 'apply',
  help: 'help apply',
  one: `apply -i examples/plants-1k.parquet -o OUT -c ${config} --xf-name FG_PHENOL_OH__OH__TO__OMe --where 'MW < 400' -q; xform-native apply -i examples/plants-1k.parquet -o OUT -c ${config} --xf-name FG_PHENOL_OH__OH__TO__OMe --where 'MW < 400' --resume`,
  several: `apply -i examples/plants-1k.parquet -o OUT -c ${config} --xf-name all --limit 200`,
  'dry-run': `apply -i examples/plants-1k.parquet -o OUT -c ${config} --xf-name FG_PHENOL_OH__OH__TO__OMe --dry-run --explain`,
  try: `try 'Oc1ccccc1C(=O)OCC' -c ${config} --xf-name 'FG_PHENOL*' --properties quick`,
  list: 'rules list --search ester',
  check: `rules check ${ODD}`,
  refused: 'apply -i examples/plants-1k.parquet -o OUT --smirks "[c:1][OX2H:2]>>[c:1][O:2]C" --where "MV < 500"',
};

/** The screen of a terminal after a command, with what differs from run to run masked. */
async function screenOf(command: string, columns: number, folder: string): Promise<string> {
  const odd = writeTransforms(folder, { odd: '[c:1][OH:2]>>[c:1][O:2]C', '日本語の長い名前': '[C:1]Cl>>[C:1]F' });
  const script = `stty cols ${columns}; xform-native() { '${process.execPath}' '${main}' "$@"; }; xform-native ${command}`;
  const line = script.replaceAll('OUT', join(folder, 'out')).replaceAll(ODD, odd);
  const env = { ...process.env, TERM: 'dumb', NO_COLOR: '1', LANG: 'C.UTF-8' };
  const { stdout } = await run('script', ['-qec', line, '/dev/null'], { cwd: root, env });
  return stdout
    .replaceAll('\r\n', '\n')
    .replaceAll(`${root}/`, '')
    .replaceAll(folder, '/tmp')
    .replace(/\x1b\[\d+m/g, '')
    .replace(/[\d.:]+ s, [\d,]+ rows\/s, [\d,]+ products\/s/, 'TIME')
    .replace(/peak \d+ MiB, target [\d.]+ [MG]iB/, 'MEMORY')
    .replace(/xform-native \d+\.\d+\.\d+/, 'xform-native VERSION')
    .replace(/[\d.]+ [KM]iB$/gm, 'SIZE');
}

for (const columns of WIDTHS) {
  for (const [name, command] of Object.entries(commands)) {
    test.serial(`${name} on a terminal of ${columns} columns`, async (t) => {
      const screen = await screenOf(command, columns, temporaryFolder(t));
      const file = join(golden, `${name}-${columns}.txt`);
      if (process.env['UPDATE_GOLDEN']) {
        mkdirSync(golden, { recursive: true });
        writeFileSync(file, screen);
      }
      t.is(screen, readFileSync(file, 'utf8'));
      // A word that is wider than the terminal, such as a path, stays in one piece after its label.
      const words = (line: string) => line.trim().split(/ +/).length;
      const tooLong = screen.split('\n').filter((line) => Array.from(line).length > columns && words(line) > 2);
      t.deepEqual(tooLong, []);
    });
  }
}
