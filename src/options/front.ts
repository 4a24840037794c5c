/** The options that only the front end acts on: the supervisor's time limit, and what the command line shows. */
import type { OptionSpec } from './table';

/** An option of the front end; `after` is the one that it follows in the help. */
export type FrontOption = Partial<OptionSpec> &
  Pick<OptionSpec, 'name' | 'group' | 'kind' | 'help' | 'commands'> & { after: string };

const reporting = ['apply', 'clusterApply', 'merge'] as const;

export const frontOptions: readonly FrontOption[] = [
  {
    name: 'useBloomFilter',
    after: 'dedup',
    group: 'Deduplication',
    kind: 'flag',
    help: 'short for `--dedup bloom`',
    commands: ['apply'],
    isFlagOnly: true,
  },
  {
    name: 'molTimeout',
    after: 'maxProductsPerMol',
    group: 'Limits',
    kind: 'seconds',
    value: 'time',
    default: 60,
    defaultText: '60s',
    help:
      'reject molecules that take more CPU time than this over all transforms, such as `500ms` or `2m`; 0 or `none` for ' +
      'no limit; Linux only',
    doc:
      'Seconds of CPU time that RDKit may take for a molecule, over all transforms; 0 for no limit. Time that was spent before ' +
      'the isolated process died, or before an interruption and `resume`, counts. A molecule that takes more is rejected as a ' +
      'whole, with one record (code `timed_out`), within a second or two. Only with `isolate`, and only on Linux: other ' +
      'systems do not show the times of threads. Which molecules time out may depend on the machine; the summary warns if ' +
      'any did.',
    commands: ['apply', 'transformSmiles'],
  },
  {
    name: 'format',
    after: 'parents',
    group: 'Output',
    kind: 'names',
    value: 'format',
    defaultText: 'Parquet only',
    help:
      'also export the products, as `xform-native export` does, to products.csv and the like in the output folder: csv, tsv, ' +
      'smi, sdf, jsonl or arrow; may be given several times; not with `--shard`',
    doc:
      'Formats in which to export the products as well, as {@link exportTable} does with its defaults: `products.csv` and the ' +
      'like in `outdir`. With `resume`, a run that had finished gets the exports that are missing. RDKit draws the molecules ' +
      'of `sdf` in this process. Not with `shard`.',
    commands: ['apply'],
  },
  {
    name: 'report',
    after: 'legacy',
    group: 'Output',
    kind: 'flag',
    default: false,
    help: 'also write a report on the run, report.html in the output folder, as `xform-native report` does',
    doc:
      'Also write a report on the run, as {@link report} does, to `report.html` in `outdir`. With `resume`, a run that had ' +
      'finished gets the report if it is missing. RDKit draws the molecules of the report in this process.',
    commands: ['apply', 'merge'],
  },
  {
    name: 'force',
    after: 'report',
    group: 'Output',
    kind: 'flag',
    default: false,
    help: 'replace the file',
    doc: 'Replace a file that exists.',
    commands: ['report'],
  },
  {
    name: 'output',
    after: 'report',
    group: 'Output',
    kind: 'path',
    value: 'file',
    short: 'o',
    defaultText: '`report.html` in the folder',
    help: 'the file to write',
    doc: 'The file to write. It appears under its name when it is complete.',
    commands: ['report'],
  },
  {
    name: 'strict',
    after: 'sample',
    group: 'Output',
    kind: 'flag',
    help: 'exit with status 2 for warnings too',
    commands: ['checkRules'],
    isFlagOnly: true,
  },
  {
    name: 'dryRun',
    after: 'scratch',
    group: 'Output',
    kind: 'flag',
    help: 'check options, transforms and input, try a sample of the rows, and say what to expect; write nothing',
    helpOn: [['clusterApply', 'check options, transforms and input; write nothing, and contact no cluster']],
    commands: ['apply', 'clusterApply'],
    isFlagOnly: true,
  },
  {
    name: 'explain',
    after: 'dryRun',
    group: 'Output',
    kind: 'flag',
    help:
      'like `--dry-run`, and explain for each transform how its products are made and why, and what the prefilter requires ' +
      'of a row',
    commands: ['apply'],
    isFlagOnly: true,
  },
  {
    name: 'seed',
    after: 'dryRun',
    group: 'Output',
    kind: 'count',
    value: 'n',
    default: 0,
    help: 'with `--dry-run`, the number that chooses the rows of the sample',
    commands: ['apply'],
    isFlagOnly: true,
  },
  {
    name: 'sample',
    after: 'dryRun',
    group: 'Output',
    kind: 'count',
    value: 'rows',
    default: 30_000,
    help:
      'with `--dry-run`, try at most this many rows, spread evenly over the library, for at most 10 s; 0 for none; a text ' +
      'file that is compressed has to be read for that',
    commands: ['apply'],
    isFlagOnly: true,
  },
  {
    name: 'quiet',
    after: 'explain',
    group: 'Output',
    kind: 'flag',
    help: 'print only warnings and errors: no progress, no summary table',
    commands: [...reporting, 'demo', 'exportTable', 'sampleTable', 'summarize', 'gallery', 'report'],
    isFlagOnly: true,
  },
  {
    name: 'svg',
    after: 'quiet',
    group: 'Output',
    kind: 'path',
    value: 'file',
    help: 'write a picture of the reaction to this file, as SVG',
    helpOn: [
      ['tryTransform', 'write a picture of the molecule and its products to this file, as SVG; for a single molecule'],
    ],
    commands: ['showRule', 'tryTransform'],
    isFlagOnly: true,
  },
  {
    name: 'json',
    after: 'svg',
    group: 'Output',
    kind: 'flag',
    help: 'print the summary as one JSON object on stdout, or `{error: {code, message, details}}`',
    helpOn: [
      ['verify', 'print the checks as one JSON object on stdout, or `{error: {code, message, details}}`'],
      ['listRules', 'print the rules as one JSON object on stdout, or `{error: {code, message, details}}`'],
      ['showRule', 'print the rule as one JSON object on stdout, or `{error: {code, message, details}}`'],
      ['checkRules', 'print the report as one JSON object on stdout, or `{error: {code, message, details}}`'],
      ['tryTransform', 'print the results as one JSON object on stdout, or `{error: {code, message, details}}`'],
      [
        'sampleTable',
        'print the summary, and without `--output` the rows, as one JSON object on stdout, or `{error: {code, message, ' +
          'details}}`',
      ],
      ['summarize', 'print the figures as one JSON object on stdout, or `{error: {code, message, details}}`'],
      [
        'report',
        'print the name and the size of the file as one JSON object on stdout, or `{error: {code, message, details}}`',
      ],
    ],
    commands: [
      ...reporting,
      'verify',
      'listRules',
      'showRule',
      'checkRules',
      'tryTransform',
      'exportTable',
      'sampleTable',
      'summarize',
      'gallery',
      'report',
      'demo',
    ],
    isFlagOnly: true,
  },
  {
    name: 'progress',
    after: 'json',
    group: 'Output',
    kind: 'choice',
    choices: [
      ['auto', '`bar` on a terminal, else a line every 30 s'],
      ['bar', ''],
      ['json', ''],
      ['none', ''],
    ],
    value: 'kind',
    default: 'auto',
    defaultText: '`auto`, with `--quiet` `none`',
    help: 'show progress on stderr',
    commands: [...reporting, 'demo'],
    isFlagOnly: true,
  },
];
