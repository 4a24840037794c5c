// What the command shows on terminals of 60, 80 and 120 columns, as golden/terminal has it. UPDATE_GOLDEN=1 writes it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import test from 'ava';
import { asInstalled, readersFolder, root, run, withPackage } from '../util';

const WIDTHS = [60, 80, 120];
const golden = join(root, '__test__', 'golden', 'terminal');

const OME = '-i library.parquet -o out -c transforms.yaml --xf-name FG_PHENOL_OH__OH__TO__OMe';
const commands: Record<string, string> = {
  usage: 'apply',
  help: 'help apply',
  one: `apply ${OME} --where 'MW < 400'`,
  finished: `apply ${OME} --quiet && xform-native apply ${OME} --resume`,
  several: 'apply -i library.parquet -o out -c transforms.yaml --xf-name all --limit 200',
  'dry-run': `apply ${OME} --dry-run --explain`,
  refused: `apply ${OME} --where "MV < 500"`,
  try: "try 'Oc1ccccc1C(=O)OCC' -c transforms.yaml --xf-name 'FG_PHENOL*' --properties quick",
  list: 'rules list --search ester',
  check: 'rules check examples/rules-to-check.yaml',
  sample: `apply ${OME} --properties MW,cLogP --quiet && xform-native sample out --n 5`,
  strata: `apply ${OME} --properties MW --quiet && xform-native sample out --n 6 --by stratified --strata xf_site_count`,
  summarize: `apply ${OME} --properties MW,cLogP --quiet && xform-native summarize out --by xf_site_count`,
  verify: `apply ${OME} --quiet && xform-native verify out`,
};

/** The screen of a terminal after a command, with what differs from run to run masked. */
async function screenOf(command: string, columns: number, folder: string): Promise<string> {
  const line = `stty cols ${columns}; xform-native ${command}`;
  const env = { ...withPackage(folder), TERM: 'dumb', NO_COLOR: '1', LANG: 'C.UTF-8' };
  const { stdout } = await run('script', ['-qec', line, '/dev/null'], { cwd: folder, env });
  return asInstalled(stripVTControlCharacters(stdout))
    .replace(/\r+\n/g, '\n')
    .replace(/[\d.:]+ s, [\d,]+ rows\/s, [\d,]+ products\/s/, 'TIME')
    .replace(/peak \d+ MiB, target [\d.]+ [MG]iB/, 'MEMORY')
    .replace(/xform-native \d+\.\d+\.\d+/, 'xform-native VERSION')
    .replace(/(all 1,000 rows, in|time +about) [\d.]+ s/g, '$1 TIME')
    .replace(/about [\d.]+ [KM]iB/g, 'about SIZE')
    .replace(/[\d.]+ [KM]iB$/gm, 'SIZE')
    .replace(/\d+ bytes/g, 'BYTES');
}

for (const columns of WIDTHS) {
  for (const [name, command] of Object.entries(commands)) {
    test.serial(`${name} on a terminal of ${columns} columns`, async (t) => {
      const screen = await screenOf(command, columns, readersFolder(t));
      const file = join(golden, `${name}-${columns}.txt`);
      if (process.env['UPDATE_GOLDEN']) {
        mkdirSync(golden, { recursive: true });
        writeFileSync(file, screen);
      }
      t.is(screen, readFileSync(file, 'utf8'));
      // On a narrower terminal, examples in help go on in the next line. A word that is wider than the terminal, such as a path, stays in one piece after its label.
      const words = (line: string) => line.trim().split(/ +/).length;
      const tooLong = screen.split('\n').filter((line) => Array.from(line).length > columns && words(line) > 2);
      if (columns >= 80) t.deepEqual(tooLong, []);
    });
  }
}
