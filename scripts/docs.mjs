// Builds the site of documentation from the Markdown files and index.d.ts, into docs/.vitepress/dist (npm run docs).
//
//     node scripts/docs.mjs           builds it
//     node scripts/docs.mjs --serve   shows it while it is written
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { main, must } from './lib/run.mjs';

const docs = join(root, 'docs');
const tool = (name) => join(docs, 'node_modules', '.bin', name);

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
  await must('Building the site', tool('vitepress'), [serve ? 'dev' : 'build', docs], { cwd: docs, stdio: 'inherit' });
});
