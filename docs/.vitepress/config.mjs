// The site of documentation. scripts/docs.mjs copies the repository's pages to .vitepress/pages, below the folder in which
// Vue is installed, and in their places, so that links between them work here as in the repository.
import { defineConfig } from 'vitepress';

/** The pages, in the order in which they are read. */
const sidebar = [
  {
    text: 'Start',
    items: [
      { text: 'What it is', link: '/' },
      { text: 'Ten-minute tutorial', link: '/docs/tutorial' },
    ],
  },
  {
    text: 'Tasks',
    items: [
      { text: 'For chemists', link: '/docs/how-to/chemist' },
      { text: 'For developers', link: '/docs/how-to/developer' },
      { text: 'On a cluster', link: '/docs/hpc' },
    ],
  },
  {
    text: 'Libraries',
    items: [
      { text: 'Formats', link: '/docs/formats' },
      { text: 'Several files, streams', link: '/docs/input' },
      { text: 'SDF', link: '/docs/sdf' },
    ],
  },
  {
    text: 'Rules',
    items: [
      { text: 'Writing rules', link: '/docs/rules' },
      { text: 'Standardized parents', link: '/docs/standardize' },
      { text: 'How a transform is carried out', link: '/docs/paths' },
    ],
  },
  {
    text: 'Products',
    items: [
      { text: 'The command', link: '/docs/apply' },
      { text: 'Dry run', link: '/docs/dry-run' },
      { text: 'Output', link: '/docs/output' },
      { text: 'Properties', link: '/docs/properties' },
      { text: 'Filters', link: '/docs/filters' },
      { text: 'Alerts', link: '/docs/alerts' },
      { text: 'Known molecules', link: '/docs/known' },
      { text: 'Export', link: '/docs/export' },
      { text: 'Samples and summaries', link: '/docs/sample' },
      { text: 'Gallery', link: '/docs/gallery' },
      { text: 'Report', link: '/docs/report' },
    ],
  },
  {
    text: 'Operation',
    items: [
      { text: 'Reliability', link: '/docs/reliability' },
      { text: 'Memory', link: '/docs/memory' },
      { text: 'Scale', link: '/docs/scale' },
      { text: 'Measured figures', link: '/bench/README' },
    ],
  },
  {
    text: 'Coming from',
    items: [
      { text: 'RDKit in Python', link: '/docs/from-rdkit' },
      { text: 'The predecessor', link: '/docs/compat' },
    ],
  },
  { text: 'Reference', items: [{ text: 'API', link: '/docs/reference/api/' }] },
];

/** Links to code of the repository, which is not part of the site, become text. */
function withoutLinksToCode(md) {
  md.core.ruler.push('links-to-code', ({ tokens }) => {
    const links = tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open');
    for (const link of links) {
      if (/^[^:]*\.(?:d\.ts|m?js|rs|sh|ya?ml|json)$/.test(link.attrGet('href') ?? '')) link.attrs = null;
    }
  });
}

export default defineConfig({
  title: 'xform-native',
  description: 'Reaction transforms over whole molecule libraries',
  srcDir: '.vitepress/pages',
  rewrites: { 'README.md': 'index.md' },
  outDir: '.vitepress/dist',
  cacheDir: '.vitepress/.cache',
  // A site that can be opened from any folder of a server.
  base: process.env.DOCS_BASE ?? '/',
  markdown: { config: withoutLinksToCode },
  themeConfig: { sidebar, search: { provider: 'local' }, outline: 'deep' },
});
