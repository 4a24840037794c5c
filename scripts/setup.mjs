// Sets up everything that the other commands need; with --lint, also the tools of `npm run lint` and `npm run
// bench:instructions`.
import { setUp } from './lib/build.mjs';
import { main } from './lib/run.mjs';

await main(() => setUp({ lint: process.argv.includes('--lint') }));
