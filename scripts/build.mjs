// Builds RDKit if it is missing, the addon and the JavaScript; requires that the tools and npm modules are installed.
import { buildAll } from './lib/build.mjs';
import { main } from './lib/run.mjs';
import { needRust } from './lib/tools.mjs';

await main(async () => {
  needRust();
  await buildAll();
});
