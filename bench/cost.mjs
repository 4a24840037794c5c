// Estimates time and cost for large libraries from measurements (npm run bench:cost).
//
//   npm run bench:cost -- --price 0.05 [--cores 64] [--machines 1,10,100] [--rows 1e9,1e10] [--efficiency 0.9] [--commit 0.022]
//                         [--figures FILE]
//
// --price       price of a core per hour, in any currency; it varies too much for a default
// --cores       cores per machine (64)
// --machines    numbers of machines, separated by commas (1,10,100)
// --rows        numbers of rows, separated by commas (1e9,1e10)
// --efficiency  rows/s of a core among many, relative to a core among few (1): measure it on your machines
// --commit      CPU share, in `apply`, of the busier of the two threads that write (0.022: polyphenol-2X in
//               bench/results/overhead.md)
// --figures     file written by bench:cluster (bench/results/cluster.json)
//
// Rates are per core: rows/s of the measurement, divided by its cores. Two threads write the products, and the busier
// one limits the time. In `apply` it works beside the other threads, so cores beyond 1 / --commit wait for it; in a
// cluster it starts when all rows have been made. Shuffled bytes and output grow with the rows. The times do not
// include networks and disks; compare the rates of bytes with yours.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { Failure, main } from '../scripts/lib/run.mjs';
import { table } from './lib/report.mjs';

const { values: options } = parseArgs({
  options: {
    price: { type: 'string' },
    cores: { type: 'string', default: '64' },
    machines: { type: 'string', default: '1,10,100' },
    rows: { type: 'string', default: '1e9,1e10' },
    efficiency: { type: 'string', default: '1' },
    commit: { type: 'string', default: '0.022' },
    figures: { type: 'string', default: join(root, 'bench', 'results', 'cluster.json') },
  },
});

const HOUR = 3600;

await main(() => {
  if (!existsSync(options.figures)) {
    throw new Failure(`${options.figures} is missing: run "npm run bench:cluster", which measures the figures`);
  }
  const cores = positive('--cores', options.cores);
  const rates = {
    price: positive('--price', options.price),
    efficiency: positive('--efficiency', options.efficiency),
    commit: positive('--commit', options.commit),
  };
  const figures = JSON.parse(readFileSync(options.figures, 'utf8'));
  const here = figures.measured.find(({ executors }) => executors === 0);
  // The measurement with the most executors: its rate includes the cost of the cluster itself.
  const there = figures.measured.reduce((most, each) => (each.executors > most.executors ? each : most), here);
  const lines = options.rows.split(',').flatMap((rows) =>
    options.machines.split(',').map((machines) => {
      const setting = { rows: positive('--rows', rows), machines: positive('--machines', machines), cores };
      return estimate(setting, setting.machines > 1 ? there : here, figures, rates);
    }),
  );
  const header = [
    'rows',
    'machines',
    'how',
    'hours',
    'making',
    'writing',
    'core hours',
    'cost',
    'output',
    'shuffled',
    'shuffled per machine',
  ];
  console.log(table(header, lines));
});

function estimate({ rows, machines, cores }, measured, figures, { price, efficiency, commit }) {
  const isCluster = machines > 1;
  const share = rows / figures.rows;
  const coreSeconds = share * figures.cores * (measured.seconds - (measured.writing_seconds ?? 0));
  const making = coreSeconds / (cores * machines * (isCluster ? efficiency : 1));
  const writing = isCluster ? share * measured.writing_seconds : coreSeconds * commit;
  const seconds = isCluster ? making + writing : Math.max(making, writing);
  // All cores are paid for, even while they wait for the threads that write.
  const coreHours = (seconds * cores * machines) / HOUR;
  const shuffled = isCluster ? share * measured.shuffled_bytes : null;
  return [
    rows.toExponential(0).replace('e+', 'e'),
    machines,
    isCluster ? 'cluster' : 'apply',
    (seconds / HOUR).toFixed(1),
    (making / HOUR).toFixed(1),
    (writing / HOUR).toFixed(1),
    Math.round(coreHours).toLocaleString('en-US'),
    Math.round(coreHours * price).toLocaleString('en-US'),
    terabytes(share * measured.output_bytes),
    shuffled === null ? '' : terabytes(shuffled),
    shuffled === null ? '' : `${(shuffled / making / machines / 1e6).toFixed(1)} MB/s`,
  ];
}

function terabytes(bytes) {
  return `${(bytes / 1e12).toFixed(2)} TB`;
}

function positive(flag, text) {
  const value = Number(text);
  if (!(value > 0)) throw new Failure(`${flag} requires a number above 0${text === undefined ? '' : `, not ${text}`}`);
  return value;
}
