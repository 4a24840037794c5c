// Builds the cluster's program into native/.
//
//     npm run build:cluster                       the release build: most of an hour of CPU time, the first time
//     npm run build:cluster -- --profile cluster  the build for tests: half of that time, but a slow program
import { parseArgs } from 'node:util';
import { buildCluster } from './lib/cluster.mjs';
import { main } from './lib/run.mjs';
import { needRust } from './lib/tools.mjs';

const { values } = parseArgs({ options: { profile: { type: 'string', default: 'release' } } });

await main(async () => {
  needRust();
  await buildCluster(values.profile);
});
