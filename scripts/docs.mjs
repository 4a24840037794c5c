// Builds the site of documentation from the Markdown files and index.d.ts, into docs/.vitepress/dist (npm run docs).
//
//     node scripts/docs.mjs           builds it
//     node scripts/docs.mjs --serve   shows it while it is written
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { capture, main, must } from './lib/run.mjs';

const docs = join(root, 'docs');
const pages = join(docs, '.vitepress', 'pages');
/** What the site is made of: pages for users, and their pictures. */
const SOURCES = ['*.md', 'docs/**/*.md', 'docs/pictures/*', 'bench/README.md', 'bench/results/*', 'examples/README.md'];
const tool = (name) => join(docs, 'node_modules', '.bin', name);

/** Copies the pages to where the site is built, each in its place. */
function gatherPages() {
  rmSync(pages, { recursive: true, force: true });
  const files = capture('git', ['ls-files', '--', ...SOURCES.map((source) => `:(glob)${source}`)], { cwd: root });
  for (const file of files.trim().split('\n')) cpSync(join(root, file), join(pages, file));
  cpSync(join(docs, 'reference'), join(pages, 'docs', 'reference'), { recursive: true });
}

await main(async () => {
  const serve = process.argv.includes('--serve');
  const quiet = { cwd: docs, stdio: ['ignore', 2, 2] };
  await must(
    'Installing what the site is built with',
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    quiet,
  );
  rmSync(join(docs, 'reference', 'api'), { recursive: true, force: true });
  await must('Reading index.d.ts', tool('typedoc'), ['--options', join(docs, 'typedoc.json')], quiet);
  gatherPages();
  await must('Building the site', tool('vitepress'), [serve ? 'dev' : 'build', docs], { cwd: docs, stdio: 'inherit' });
});
