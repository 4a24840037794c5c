// Sets up, then runs the main job on the example library.
import { join, relative } from 'node:path';
import { setUp } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { main, run } from './lib/run.mjs';

const OUT = join(root, 'out', 'plants-1k');

const ARGUMENTS = [
  ['--input', 'examples/plants-1k.parquet'],
  ['--outdir', 'out/plants-1k'],
  ['--xf-config', 'configs/transforms.yaml'],
  ['--xf-name', 'FG_PHENOL_OH__OH__TO__OMe'],
];

await main(async () => {
  await setUp();
  const args = ['apply', ...ARGUMENTS.flat(), '--force'];
  console.error(`\n$ xform-native ${args.join(' ')}\n`);
  const status = await run(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...args], { cwd: root });
  process.exitCode = status;
  if (status !== 0) return;
  const folder = relative(process.cwd(), OUT) || '.';
  console.log(`\nproducts  ${join(folder, 'products.parquet')}`);
  console.log(`rejects   ${join(folder, 'rejects.parquet')}`);
  console.log(`summary   ${join(folder, 'SUMMARY.json')}`);
});
