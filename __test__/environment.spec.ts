// Environment variables that are not ours must not change what a run does.
import test from 'ava';
import { jobArguments, summaryOf, temporaryFolder, xform } from './util';

test('RUST_MIN_STACK has no effect', async (t) => {
  const results = [];
  for (const stack of [undefined, '1', '65536', '1000000000']) {
    const args = jobArguments(temporaryFolder(t), '--xf-name', 'all', '--no-isolate', '--json');
    const ended = await xform(args, { env: { RUST_MIN_STACK: stack } });
    t.deepEqual([ended.status, ended.signal], [0, null], `${stack}: ${ended.stderr}`);
    const { files, warnings } = summaryOf(ended);
    results.push({ products: files.products.sha256, rejects: files.rejects.sha256, warnings });
  }
  t.is(new Set(results.map((result) => JSON.stringify(result))).size, 1);
});
