// The report of bench/production.mjs: Markdown, figure.
import { conditions, mebibytes, table, thousands } from './report.mjs';
import { figure, lines } from './svg.mjs';

// From the predecessor's own reports; its rows include the products of other steps, and InChIKey and descriptors.
const PREDECESSOR = { hours: '20-24 h', memory: '32 GB machine, out of memory at times', scratch: '42 GB of SQLite' };
const MINUTE = 60;

/** The report. */
export function markdown({ library, bloom, exact, isFull }) {
  const lost = exact.summary.unique_products - bloom.summary.unique_products;
  const { bloom: filter } = bloom.summary.dedup;
  return `# The predecessor's production run

Written by \`npm run bench:production\`${isFull ? '' : `, at a smaller size: ${thousands(library.rows)} rows instead of 13,790,820`}. Memory: PSS of the process tree, read from outside.

${conditions(bloom.summary)}

## The library

The tool made the library itself: the four halogenations of aromatic C-H over ${thousands(library.parents)} plants, twice, at
every site. As that gives too few rows, a third round over an even part of them follows. The result is cut at ${thousands(library.rows)} rows.
Each halogen is a separate transform, so a molecule with two different halogens appears twice.

${table(
  ['round', 'rows', 'unique products', 's'],
  library.steps.map(({ round, rows, products, seconds }) => [
    round,
    thousands(rows),
    thousands(products),
    seconds.toFixed(0),
  ]),
)}

## The runs

    xform-native apply --input L.parquet --outdir OUT --xf-config configs/transforms.yaml \\
      --xf-name FG_PHENOL_OH__OH__TO__OMe --use-bloom-filter --workers 16 --target-memory 70.0 --max-in-flight 4

The second run is the same without \`--use-bloom-filter\`, killed with \`kill -9\` at half of its rows and continued with
\`--resume\`; its time is the sum of both parts. \`xform-native verify\` found both results intact.

${table(['', 'predecessor', bloom.name, exact.name], comparison(bloom, exact))}

The Bloom filter lost ${thousands(lost)} products; its own report expected at most ${thousands(Math.ceil(filter.expected_lost))}.

![Memory over time](production.svg)

## The counts

${table(['', 'Bloom filter', 'exact'], sums(bloom.summary, exact.summary))}
`;
}

function comparison(bloom, exact) {
  const both = (value) => [bloom, exact].map(value);
  const minutes = (seconds) => `${(seconds / MINUTE).toFixed(1)} min`;
  return [
    ['time', PREDECESSOR.hours, ...both((run) => minutes(run.seconds))],
    ['rows/s', '', ...both((run) => thousands(run.summary.total_input / run.seconds))],
    ['peak memory', PREDECESSOR.memory, ...both((run) => `${mebibytes(run.peakBytes)} MiB`)],
    ['scratch', PREDECESSOR.scratch, ...both((run) => `${mebibytes(run.summary.scratch_bytes)} MiB`)],
    ['output', '', ...both((run) => `${mebibytes(run.summary.files.products.bytes)} MiB`)],
    ['rows resumed', '', ...both((run) => thousands(run.summary.rows_resumed))],
    ['`verify`', '', ...both((run) => minutes(run.verifySeconds))],
  ];
}

/** The counts of both runs, side by side; a count that only one of them has is blank for the other. */
function sums(bloom, exact) {
  const names = [...new Set([...Object.keys(bloom.sums), ...Object.keys(exact.sums)])];
  const cell = (value) => (value === undefined || value === null ? '' : thousands(value));
  return names.map((name) => [`\`${name}\``, cell(bloom.sums[name]), cell(exact.sums[name])]);
}

/** The figure: memory over time; an interrupted run is drawn as one run. */
export function plot(runs) {
  const mib = (bytes) => bytes / 2 ** 20;
  const series = runs.map(({ name, pieces }) => ({ name: name.split(',')[0], points: thinned(joined(pieces)) }));
  const longest = Math.max(...runs.map(({ seconds }) => seconds)) / MINUTE;
  const highest = Math.max(...runs.map(({ peakBytes }) => mib(peakBytes)));
  return figure(900, [
    lines({
      title: 'Memory of the process tree over time (PSS, MiB)',
      xLabel: 'minutes',
      xTicks: ticks(longest),
      yTicks: ticks(highest),
      series: series.map(({ name, points }) => ({
        name,
        points: points.map(({ seconds, bytes }) => [seconds / MINUTE, mib(bytes)]),
      })),
    }),
  ]);
}

function joined(pieces) {
  let offset = 0;
  return pieces.flatMap(({ samples, seconds }) => {
    const moved = samples.map((sample) => ({ ...sample, seconds: sample.seconds + offset }));
    offset += seconds;
    return moved;
  });
}

function thinned(samples, most = 600) {
  const step = Math.ceil(samples.length / most);
  return samples.filter((_, i) => i % step === 0);
}

/** About five round marks from 0 to beyond `highest`. */
function ticks(highest) {
  const magnitude = 10 ** Math.floor(Math.log10(highest / 5));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((each) => highest / each <= 6);
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, i) => [
    i * step,
    `${Number((i * step).toPrecision(6))}`,
  ]);
}
