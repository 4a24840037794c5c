// The report of bench/memory.mjs: goals, Markdown, figure.
import { conditions, mebibytes, table, thousands, verdict } from './report.mjs';
import { figure, lines, stackedBars } from './svg.mjs';

const LIMIT_WITHOUT_FILTER = 400 * 2 ** 20;
const LIMIT_WITH_STEPS = 400e6;
const MACHINE_GB = 32;
const PARTS = ['node', 'in_flight', 'dedup', 'writer', 'workers'];
const PART_NAMES = { node: 'Node', in_flight: 'in flight', dedup: 'dedup', writer: 'writer', workers: 'workers' };

// The predecessor's figures, from its own reports: per cent of a 32 GB machine, including the rest of the system.
const PREDECESSOR = {
  MICRO: { memory: '43.6 %', gigabytes: 14.0 },
  SMALL: { memory: '45.6 %', gigabytes: 14.6 },
  MEDIUM: { memory: '86-89 %', gigabytes: 28.0 },
};
const PREDECESSOR_IN_FLIGHT = {
  10: { memory: '86-89 %', middle: 87.5, speed: '1,500 mol/s' },
  4: { memory: '60-65 %', middle: 62.5, speed: '-20 %' },
  2: { memory: '50-55 %', middle: 52.5, speed: '-40 %' },
  1: { memory: '45-50 %', middle: 47.5, speed: '-60 %' },
};
// One peak of the predecessor, from its own report: a production run near the end of its 276 batches.
const PREDECESSOR_PARTS = {
  workers: '1-1.5 GB each',
  in_flight: 'about 15 GB (result queue)',
  dedup: '69 MB (Bloom filter)',
  writer: '940,000 products, about 1.2 KB each',
  node: '18.5 GB (main process, result queue included)',
};

const filterBytes = ({ summary }) => summary.dedup.bytes;
const rate = ({ summary }) => summary.throughput_mol_per_sec;
const byKey = (results) => Object.fromEntries(results.map((result) => [result.key, result]));

/** The goals and whether they are met: [{ text, passed }]. */
export function criteria(results) {
  const { medium, micro8, flight1, steps } = byKey(results);
  const growth = medium.peakBytes / micro8.peakBytes;
  const without = medium.peakBytes - filterBytes(medium);
  const slowdown = rate(flight1) / rate(medium);
  return [
    {
      text: `Peak of MEDIUM at most 1.2 x MICRO's, both 8 workers and the same filter: ${growth.toFixed(2)} x`,
      passed: growth <= 1.2,
    },
    {
      text: `Peak of MEDIUM without the filter at most 400 MiB: ${mebibytes(without)} MiB`,
      passed: without <= LIMIT_WITHOUT_FILTER,
    },
    {
      text: `Peak of MEDIUM with properties, filter, alerts and parents below 400 MB: ${(steps.peakBytes / 1e6).toFixed(0)} MB`,
      passed: steps.peakBytes < LIMIT_WITH_STEPS,
    },
    { text: `1 in flight at least 0.9 x the speed of 10: ${slowdown.toFixed(2)} x`, passed: slowdown >= 0.9 },
  ];
}

/** The report. */
export function markdown(results, label) {
  const { medium } = byKey(results);
  return `# Memory

Written by \`npm run bench:memory\`. The main command: OMe, \`--use-bloom-filter\` at its default size
(${mebibytes(filterBytes(medium))} MiB), \`--target-memory 70.0\`; one run each. Library: ${label}.
Peak: PSS of the process tree, read from outside every 100 ms.

${conditions(medium.summary)}

${criteria(results)
  .map(({ text, passed }) => `- ${text}: ${verdict(passed)}`)
  .join('\n')}

![Memory during a run, by batches in flight, and its parts](memory.svg)

## Rows

The predecessor's figures come from its own reports: per cent of a 32 GB machine, including everything that ran on it, for
different molecules of the same kind.

${rowsTable(results)}

## Batches in flight

${inFlightTable(results)}

## Every run

${runsTable(results)}

## The peak in its parts

From the program's own counters, at its own highest sample (MiB). \`workers\` is the rest: RDKit in the workers, stacks,
decoded input pages, memory that the allocators keep. The predecessor's line is one peak of a production run, from its own
report.

${partsTable(results)}
`;
}

function rowsTable(results) {
  const rows = results
    .filter(({ like }) => like)
    .map((result) => {
      const { like, rows: count, batch, workers, inFlight, peakBytes } = result;
      const { memory, gigabytes } = PREDECESSOR[like];
      const shape = [thousands(count), Math.ceil(count / batch), workers, inFlight];
      return [
        like,
        ...shape,
        `${memory} (about ${gigabytes} GB)`,
        `${mebibytes(peakBytes)} MiB`,
        `${mebibytes(peakBytes - filterBytes(result))} MiB`,
      ];
    });
  const header = [
    'run',
    'rows',
    'batches',
    'workers',
    'in flight',
    'predecessor',
    'xform-native',
    'without the filter',
  ];
  return table(header, rows);
}

function inFlightTable(results) {
  const { medium, ...others } = byKey(results);
  const runs = [others.flight64, medium, others.flight4, others.flight2, others.flight1];
  const rows = runs.map((result) => {
    const { inFlight, peakBytes, summary } = result;
    const { memory = '', speed = '' } = PREDECESSOR_IN_FLIGHT[inFlight] ?? {};
    const relative = (rate(result) / rate(medium)).toFixed(2);
    const own = [
      `${mebibytes(peakBytes)} MiB`,
      thousands(rate(result)),
      thousands(summary.products_per_sec),
      `${relative} x`,
    ];
    return [inFlight, memory, speed, ...own, summary.peak_batches_in_flight, mebibytes(summary.peak_inflight_bytes)];
  });
  const header = [
    'max in flight',
    'predecessor: memory',
    'speed',
    'xform-native: peak',
    'rows/s',
    'products/s',
    'speed of 10',
    'most batches in flight',
    'most bytes in flight (MiB)',
  ];
  return table(header, rows);
}

function runsTable(results) {
  const rows = results.map((result) => {
    const { name, rows: count, batch, workers, inFlight, peakBytes, summary } = result;
    const shape = [name, thousands(count), thousands(batch), workers, inFlight, summary.dedup.mode];
    const memory = [peakBytes, peakBytes - filterBytes(result), summary.memory.peak_bytes].map(mebibytes);
    const speed = [summary.elapsed_seconds.toFixed(1), thousands(rate(result)), thousands(summary.products_per_sec)];
    return [...shape, ...memory, ...speed, thousands(summary.unique_products)];
  });
  const header = [
    'run',
    'rows',
    'batch',
    'workers',
    'in flight',
    'dedup',
    'peak MiB',
    'without dedup',
    'SUMMARY peak',
    's',
    'rows/s',
    'products/s',
    'unique',
  ];
  return table(header, rows);
}

function partsTable(results) {
  const rows = results.map(({ name, summary: { memory } }) => [
    name,
    ...PARTS.map((part) => mebibytes(memory.breakdown[part])),
    mebibytes(memory.peak_bytes),
  ]);
  const predecessor = ['predecessor', ...PARTS.map((part) => PREDECESSOR_PARTS[part]), '94.2 % of 32 GB'];
  return table(['run', ...PARTS.map((part) => PART_NAMES[part]), 'peak'], [...rows, predecessor]);
}

/** The figure: memory during a run, peak by batches in flight, parts of each peak. */
export function plot(results) {
  const { micro, small, medium, ...others } = byKey(results);
  const runs = [micro, small, medium];
  const mib = (bytes) => bytes / 2 ** 20;
  const highest = Math.max(...runs.map(({ peakBytes }) => mib(peakBytes)));
  const step = [50, 100, 200, 500].find((each) => highest / each <= 6) ?? 1000;
  const yTicks = Array.from({ length: Math.ceil(highest / step) + 1 }, (_, i) => [i * step, `${i * step}`]);
  const overTime = lines({
    title: 'Memory over a run (PSS of the process tree, MiB)',
    xLabel: 'share of the run',
    xTicks: [0, 0.25, 0.5, 0.75, 1].map((share) => [share, `${100 * share} %`]),
    yTicks,
    series: runs.map(({ name, seconds, samples }) => ({
      name,
      points: bucketed(samples, seconds).map((sample) => [sample.seconds / seconds, mib(sample.bytes)]),
    })),
  });
  const ours = [others.flight1, others.flight2, others.flight4, medium];
  const byFlight = lines({
    title: 'Peak memory by batches in flight (GB, logarithmic)',
    xLabel: 'most batches in flight',
    log: true,
    xTicks: ours.map(({ inFlight }, i) => [i, String(inFlight)]),
    yTicks: [0.1, 1, 10, 100].map((gigabytes) => [gigabytes, String(gigabytes)]),
    series: [
      { name: 'xform-native', marks: true, points: ours.map(({ peakBytes }, i) => [i, peakBytes / 1e9]) },
      {
        name: 'predecessor (32 GB machine)',
        marks: true,
        points: ours.map(({ inFlight }, i) => [i, (PREDECESSOR_IN_FLIGHT[inFlight].middle / 100) * MACHINE_GB]),
      },
    ],
  });
  const parts = stackedBars({
    title: "The peak in its parts (MiB, by the program's own counters)",
    parts: PARTS.map((part) => PART_NAMES[part]),
    unit: 'MiB',
    bars: results.map(({ name, summary }) => ({
      name,
      values: PARTS.map((part) => mib(summary.memory.breakdown[part])),
    })),
  });
  return figure(900, [overTime, byFlight, parts]);
}

/** The highest sample of each of `count` equal parts of a run. */
function bucketed(samples, seconds, count = 200) {
  const highest = new Map();
  for (const sample of samples) {
    const bucket = Math.floor((sample.seconds / seconds) * count);
    if (!(highest.get(bucket)?.bytes >= sample.bytes)) highest.set(bucket, sample);
  }
  return [...highest.values()];
}
