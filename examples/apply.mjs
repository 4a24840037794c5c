// The main job through the API: methyl ethers of every phenol in a small library.
//
//     node examples/apply.mjs
import { fileURLToPath } from 'node:url';
import { apply, XformError } from 'xform-native';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

try {
  const summary = await apply(
    {
      input: path('plants-1k.parquet'),
      outdir: path('../out/plants-1k-api'),
      xfConfig: path('../configs/transforms.yaml'),
      xfName: 'FG_PHENOL_OH__OH__TO__OMe',
      force: true,
    },
    {
      signal: stop.signal,
      onProgress: ({ rows, products }) => console.error(`${rows} rows, ${products} products`),
    },
  );
  console.log(`${summary.unique_products} distinct products of ${summary.total_input} molecules`);
  console.log(summary.files.products.file);
} catch (error) {
  if (!(error instanceof XformError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
