// The report of bench/speed.mjs: Markdown, figure.
import { conditions, mebibytes, median, table, thousands, verdict } from './report.mjs';
import { goalsOf, isUnequal, ratios } from './speed-goals.mjs';
import { figure, stackedBars } from './svg.mjs';
import { SETS } from './transforms.mjs';

/**
 * The report. `contests` are [{ library, set, entries }] with ours first; `absent` lists contenders that are not
 * available here.
 */
export function markdown({ contests, absent, rounds, workers, pinned, mimalloc, engine, dedup }) {
  const goals = contests.flatMap(goalsOf);
  return `# Speed

Written by \`npm run bench:speed\`. Every program runs on the same distinct rows: ${workers} workers each, ${pinned}. In a first
run of each, memory is measured and the products are compared, but time is not; then ${rounds} rounds follow, each with every
program once in turn. Figures are medians. Rates use each program's own time, without start-up. Slow programs run on an evenly
spread sample of the rows (column \`rows\`). \`x\` is the ratio of xform-native's rows per second to the program's, as the median
over the rounds, with the range; CPU is user and system time of all processes per 1,000 rows, including start-up. Instructions are
per row, with one worker, in thousands, counted by valgrind in all processes, without start-up. They do not depend on the
machine's other work, but an instruction of one program may take longer than one of another.

Products in common: with the same RDKit, the sets are compared as written; with a different version or toolkit, both sets first
go through RDKit 2025.3.1, which is not timed. chematic runs in a Rust program written for this comparison, with reactions prepared once and mimalloc. RDKit's floor is only the time of one stock parse per parent and one stock MolToSmiles per
distinct product. The C++ programs use RDKit 2025.03.1 without our patches, do not deduplicate across parents and write
text, as does chematic; "mimalloc" is ${mimalloc}, preloaded. All Python programs have a Bloom filter and a Parquet writer, as we do.

${conditions({ engine })}

![Rows per second](speed.svg)
${goals.length > 0 ? `\n## Goals\n\n${goalTable(goals)}\n` : ''}${contests.map(section).join('')}${dedup}${absentText(absent)}`;
}

function goalTable(goals) {
  const rows = goals.map(({ library, title, goal, ratio, passed }) => [
    library,
    title,
    `${goal} x`,
    `${ratio.toFixed(2)} x`,
    verdict(passed),
  ]);
  return table(['library', 'compared with', 'goal', 'measured', ''], rows);
}

function section({ library, set, entries }) {
  const [ours] = entries;
  const header = [
    'program',
    'toolkit',
    'rows',
    's',
    'rows/s',
    'products/s',
    'x',
    'range',
    'CPU',
    'k instructions',
    'peak MiB',
    'products',
    'in common',
  ];
  const rows = entries.filter(({ runs }) => runs.length > 0).map((entry) => entryRow(ours, entry));
  const fallen = entries.filter(({ fault }) => fault);
  const faults = fallen.map(({ contender, fault }) => `- ${contender.title} did not run: ${firstLine(fault)}\n`);
  return `
## ${library}, ${SETS[set].title}

${table(header, rows)}
${faults.length > 0 ? `\n${faults.join('')}` : ''}${floorText(entries)}`;
}

function entryRow(ours, entry) {
  const { contender, rows, runs, peakBytes, answer } = entry;
  const seconds = median(runs.map((run) => run.seconds));
  const each = ratios(ours, entry);
  return [
    contender.title,
    Object.entries(answer.versions)
      .map((pair) => pair.join(' '))
      .join(', '),
    thousands(rows),
    seconds.toFixed(2),
    thousands(rows / seconds),
    answer.products === undefined ? '' : thousands(answer.products / seconds),
    entry === ours ? '' : `${median(each).toFixed(2)} x`,
    entry === ours ? '' : `${Math.min(...each).toFixed(2)}-${Math.max(...each).toFixed(2)}`,
    `${(median(runs.map(({ cpuSeconds }) => cpuSeconds)) * (1000 / rows)).toFixed(2)} s`,
    entry.instructions === undefined ? '' : thousands(entry.instructions / 1000),
    mebibytes(peakBytes),
    entry.common ? thousands(entry.common.theirs) : '',
    commonText(entry),
  ];
}

/** Share of the union of both sets that is in both. */
function commonText(entry) {
  const { common } = entry;
  if (!common) return '';
  if (isUnequal(entry)) return `**${thousands(common.common)} of ${thousands(common.ours)}**`;
  if (common.common === common.ours && common.common === common.theirs) return 'all';
  const union = common.ours + common.theirs - common.common;
  const unreadable = common.unreadable > 0 ? `, ${thousands(common.unreadable)} unreadable` : '';
  return `${((100 * common.common) / union).toFixed(2)} %${unreadable}`;
}

function floorText(entries) {
  const lines = entries.flatMap(({ contender, runs }) => {
    if (!runs[0]?.answer.microseconds) return [];
    const of = (step) => median(runs.map(({ answer }) => answer.microseconds[step])).toFixed(1);
    return [`- ${contender.title}: ${of('parse')} us per parse, ${of('write')} us per SMILES\n`];
  });
  return lines.length > 0 ? `\n${lines.join('')}` : '';
}

function absentText(absent) {
  if (absent.length === 0) return '';
  const lines = absent.map(({ contender, reason }) => `- ${contender.title}: ${firstLine(reason)}\n`);
  return `\n## Not available here\n\n${lines.join('')}`;
}

const firstLine = (text) => text.trim().split('\n', 1)[0];

/** The figure: rows per second, one panel per contest. */
export function plot(contests) {
  const panels = contests.map(({ library, set, entries }) =>
    stackedBars({
      title: `${library}, ${SETS[set].title}: rows per second`,
      parts: [],
      unit: 'rows/s',
      bars: entries
        .filter(({ runs }) => runs.length > 0)
        .map(({ contender, runs }) => ({ name: contender.title, values: [median(runs.map(({ rate }) => rate))] })),
    }),
  );
  return figure(900, panels);
}
