// Builds the cluster's program into native/.
//
//     npm run build:cluster                       as it is shipped: most of an hour of CPU time, the first time
//     npm run build:cluster -- --profile cluster  as it is tested: half of that, and slow
import { parseArgs } from 'node:util';
import { buildCluster } from './lib/cluster.mjs';
import { main } from './lib/run.mjs';
import { needRust } from './lib/tools.mjs';

const { values } = parseArgs({ options: { profile: { type: 'string', default: 'release' } } });

await main(async () => {
  needRust();
  await buildCluster(values.profile);
});
