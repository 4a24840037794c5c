// This project: the command, with its supervisor. Sites in sugars are used, because the other contenders use them too.
import { join } from 'node:path';
import { applyCommand } from '../lib/cli.mjs';

// The filter of bench/programs/python/sink.py.
const BLOOM = ['--use-bloom-filter', '--bloom-expected-items', '10000000', '--bloom-fp-rate', '0.001'];

function contender(key, title, flags, isCounted = false) {
  const prepare = async () => (job) => {
    const names = job.transforms.flatMap(({ name }) => ['--xf-name', name]);
    const how = ['--workers', job.workers, '--no-exclude-sugar-like', '--quiet', '--json'];
    const outdir = join(job.folder, 'out');
    const [command, ...args] = applyCommand(job.library.parquet, outdir, [...names, ...how, ...flags]);
    return { command, args, env: {}, output: join(outdir, 'products.parquet'), answer };
  };
  return { key, title, set: 'same', isCounted, prepare };
}

function answer(stdout) {
  const summary = JSON.parse(stdout);
  return {
    rows: summary.total_input,
    products: summary.total_products,
    unique: summary.unique_products,
    seconds: summary.elapsed_seconds,
    versions: { [summary.engine.name.toLowerCase()]: summary.engine.version },
  };
}

export const ours = contender('ours', 'xform-native, same Bloom filter', BLOOM);
export const oursExact = contender('ours-exact', 'xform-native, exact (default)', [], true);
