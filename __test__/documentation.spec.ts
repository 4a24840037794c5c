// The documentation's commands and programs are run as they stand there. UPDATE_DOCS=1 writes what the commands print.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import test, { type ExecutionContext } from 'ava';
import {
  asInstalled,
  installedFolder,
  type Launch,
  plants,
  readersFolder,
  readParquet,
  root,
  run,
  withPackage,
  writeParquet,
} from './util';

const generated = /^docs\/(?:node_modules|\.vitepress|reference\/api)/;

function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (generated.test(path)) return [];
    if (entry.isDirectory()) return markdownBelow(path);
    return path.endsWith('.md') ? [path] : [];
  });
}

/** The pages for users, except those that scripts write. */
const pages = ['README.md', ...markdownBelow('docs')];
/** Those that a stranger follows word for word, with nothing but the installed package. */
const firstPages: readonly string[] = ['README.md', 'docs/tutorial.md'];

interface Block {
  /** The block as it stands in the page. */
  whole: string;
  language: string;
  text: string;
  /** Why it is not run, from the comment before it. */
  notRun: string | undefined;
}

const fenced = /(?:^<!-- not run: (.+) -->\n+)?^```(\w+)\n([\s\S]*?)^```$/gm;
/** The beginnings of lines that belong into a fenced block, so that they are run. */
const indented = /^ {4}(?:\$ |xform-native |npm |npx |node |bash |python)/m;

function blocksOf(page: string): Block[] {
  const found = readFileSync(join(root, page), 'utf8').matchAll(fenced);
  return [...found].map(([whole, notRun, language = '', text = '']) => ({ whole, notRun, language, text }));
}

type Run = (t: ExecutionContext, folder: string, text: string) => Promise<string>;

/** How a block of a language is run; returns what the block should be. Other languages are text or data. */
const runners: Readonly<Record<string, Run>> = {
  async sh(t, folder, text) {
    await inShell(t, folder, text);
    return text;
  },
  /** A command in the first line, and below it what it prints. */
  async console(t, folder, text) {
    const [command = ''] = text.split('\n', 1);
    const ended = await run('bash', ['-c', command.replace(/^\$ /, '')], launchIn(folder));
    const stdout = asInstalled(ended.stdout);
    for (const line of stdout.split('\n')) t.true(Array.from(line).length <= 80, line);
    return `${command}\n${stdout}`;
  },
  async js(t, folder, text) {
    writeFileSync(join(folder, 'block.mjs'), text);
    await succeed(t, folder, process.execPath, 'block.mjs');
    return text;
  },
  async python(t, folder, text) {
    await succeed(t, folder, process.env['XFORM_READERS_PYTHON'] ?? 'python3', '-c', text);
    return text;
  },
};

/** The reader's folder, with a library of 100 molecules and the other files that the pages name. */
async function folderOfPages(t: ExecutionContext): Promise<string> {
  const folder = readersFolder(t);
  const rows = (await readParquet(plants)).slice(0, 100);
  const [ids, smiles] = ['coconut_id', 'smiles'].map((name) => rows.map((row) => String(row[name])));
  const lines = rows.map((row) => `${row['smiles']} ${row['coconut_id']}\n`).join('');
  rmSync(join(folder, 'library.parquet'));
  await writeParquet(join(folder, 'library.parquet'), [
    { name: 'coconut_id', data: ids ?? [], type: 'STRING' },
    { name: 'smiles', data: smiles ?? [], type: 'STRING' },
  ]);
  for (const year of ['2024', '2025']) {
    mkdirSync(join(folder, 'data', year), { recursive: true });
    writeFileSync(join(folder, 'data', year, 'part.smi.gz'), gzipSync(lines));
  }
  writeFileSync(join(folder, 'library.smi.gz'), gzipSync(lines));
  writeFileSync(join(folder, 'registry.csv.gz'), gzipSync('smiles\nCOc1ccccc1\n'));
  writeFileSync(join(folder, 'own.tsv'), 'smarts\tname\n[N+](=O)[O-]\tnitro\n');
  await succeed(t, folder, 'xform-native', 'export', 'library.parquet', '-o', 'library.sdf');
  return folder;
}

function launchIn(folder: string): Launch {
  return { cwd: folder, env: withPackage(folder) };
}

function inShell(t: ExecutionContext, folder: string, text: string): Promise<string> {
  return succeed(t, folder, 'bash', '-euo', 'pipefail', '-c', text);
}

async function succeed(t: ExecutionContext, folder: string, command: string, ...args: string[]): Promise<string> {
  const ended = await run(command, args, launchIn(folder));
  t.is(ended.status, 0, `${args.at(-1)}\n${ended.stderr}`);
  return ended.stdout;
}

for (const page of pages) {
  const blocks = blocksOf(page).filter(({ language }) => runners[language] !== undefined);

  test(`${page} has no command outside a fenced block`, (t) => {
    t.notRegex(readFileSync(join(root, page), 'utf8').replace(fenced, ''), indented);
  });

  if (blocks.length === 0) continue;
  test(`${page} shows commands that work, and what they print`, async (t) => {
    const file = join(root, page);
    const folder = firstPages.includes(page) ? installedFolder(t) : await folderOfPages(t);
    let text = readFileSync(file, 'utf8');
    for (const { whole, language, text: given, notRun } of blocks) {
      const runner = runners[language];
      if (runner === undefined || notRun !== undefined) continue;
      const right = await runner(t, folder, given);
      if (process.env['UPDATE_DOCS']) text = text.replace(whole, () => whole.replace(given, () => right));
      else t.is(given, right, given.split('\n', 1).join());
    }
    if (process.env['UPDATE_DOCS']) writeFileSync(file, text);
    t.pass();
  });
}

test('the picture of the tutorial is what the command draws', async (t) => {
  const picture = join(root, 'docs', 'pictures', 'phenol_to_methyl_ether.svg');
  const folder = readersFolder(t);
  await succeed(t, folder, 'xform-native', 'rules', 'show', 'phenol_to_methyl_ether', '--svg', 'drawn.svg');
  const drawn = readFileSync(join(folder, 'drawn.svg'), 'utf8');
  if (process.env['UPDATE_DOCS']) writeFileSync(picture, drawn);
  t.is(readFileSync(picture, 'utf8'), drawn);
});

test('blocks that are not run say why', (t) => {
  const all = pages.flatMap((page) => blocksOf(page).map((block) => ({ page, ...block })));
  const left = all.filter(({ notRun }) => notRun !== undefined);
  for (const { page, notRun, text } of left) t.log(`${page}: ${text.split('\n', 1)[0]} (${notRun})`);
  t.log(`${left.length} blocks are not run, ${all.filter((b) => runners[b.language] && !b.notRun).length} are`);
  t.true(
    left.every(({ language }) => runners[language] !== undefined),
    'only what could be run needs a reason',
  );
});
