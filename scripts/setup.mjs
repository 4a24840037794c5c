// Sets up everything that the other commands need; with --lint also what `npm run lint` and
// `npm run bench:instructions` need.
import { setUp } from './lib/build.mjs';
import { main } from './lib/run.mjs';

await main(() => setUp({ lint: process.argv.includes('--lint') }));
