// Builds RDKit if it is missing, the addon and the JavaScript; expects the tools and npm modules to be there.
import { buildAll } from './lib/build.mjs';
import { main } from './lib/run.mjs';
import { needRust } from './lib/tools.mjs';

await main(async () => {
  needRust();
  await buildAll();
});
