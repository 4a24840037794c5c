// Builds the pages into dist/pages: one HTML file each, with its style and script inside, and without data.
//
// The content security policy names style and script by their hashes and allows nothing else, so a page loads nothing
// and runs nothing that comes with its data.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/paths.mjs';
import { Failure, main } from './lib/run.mjs';

/** The pages, with their titles until they have read their data, and the bundled packages whose licences ask to be repeated. */
const PAGES = {
  gallery: { title: 'Gallery', bundled: [] },
  report: { title: 'Report', bundled: ['uplot'] },
};

/** Browsers since 2023: those that unpack gzip by themselves. */
const BROWSERS = ['chrome111', 'firefox113', 'safari16.4'];

const sources = join(root, 'src', 'pages');
const out = join(root, 'dist', 'pages');

/** The style and the script of a page, minified. */
async function bundle(name) {
  const { outputFiles } = await build({
    entryPoints: [join(sources, name, 'main.ts')],
    outdir: out,
    tsconfig: join(sources, 'tsconfig.json'),
    bundle: true,
    write: false,
    minify: true,
    charset: 'utf8',
    target: BROWSERS,
    logLevel: 'warning',
    legalComments: 'none',
  });
  const text = (extension) => outputFiles.find(({ path }) => path.endsWith(extension)).text.trim();
  return { style: text('.css'), script: text('.js') };
}

function licences(packages) {
  const texts = packages.map((name) => readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim());
  return packages.map((name, index) => `<!--\n${name}\n\n${texts[index]}\n-->`).join('\n');
}

function hash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

await main(async () => {
  const shell = readFileSync(join(sources, 'page.html'), 'utf8');
  mkdirSync(out, { recursive: true });
  for (const [name, { title, bundled }] of Object.entries(PAGES)) {
    const { style, script } = await bundle(name);
    const parts = {
      title,
      licences: licences(bundled),
      'style-hash': hash(style),
      'script-hash': hash(script),
      style,
      script,
    };
    const html = shell.replace(/<!--([a-z-]+)-->/g, (place, part) => parts[part] ?? place);
    const places = html.split('<!--data-->').length - 1;
    if (places !== 1) throw new Failure(`${name}: <!--data--> occurs ${places} times instead of once.`);
    writeFileSync(join(out, `${name}.html`), html);
  }
});
