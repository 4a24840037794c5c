// The documentation's commands and programs are run as they stand there. UPDATE_DOCS=1 writes what the commands print.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { type Launch, readersFolder, root, run, withPackage } from './util';

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
    const { stdout } = await run('bash', ['-c', command.replace(/^\$ /, '')], launchIn(folder));
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
    const folder = readersFolder(t);
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
