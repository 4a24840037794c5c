// The texts that are generated from the table of options: a part of index.d.ts, and tables of docs/apply.md.

const WIDTH = 120;

/** The TypeScript type of each kind of value in the API. */
const given = {
  path: 'Path',
  paths: 'readonly Path[]',
  files: 'Path | readonly Path[]',
  text: 'string',
  anyText: 'string',
  names: 'string | readonly string[]',
  columns: "'all' | readonly string[]",
  shard: 'string',
  size: 'number | string',
  flag: 'boolean',
  count: 'number',
  integer: 'number',
  number: 'number',
  seconds: 'number',
  rows: 'readonly number[]',
};

/** The type in a summary, if it is different. */
const shown = {
  path: 'string',
  files: 'string | string[]',
  names: 'string[]',
  columns: "'all' | 'none' | string[]",
  shard: '{ index: number; of: number }',
  size: '{ percent: number } | { bytes: number }',
  rows: 'number[]',
};

/** `text`, with everything between the two lines `// <options>` and `// </options>` regenerated. */
export function typesText(text, table) {
  const inside = /(?<=^\/\/ <options>.*\n).*?(?=^\/\/ <\/options>)/ms;
  return text.replace(inside, () => `\n${types(table).join('\n\n')}\n\n`);
}

function types({ optionsOf, defaultsOf }) {
  const [run, cluster, merge, call, list, show, rules, trial, table, sample, figures, report, gallery] = [
    'apply',
    'clusterApply',
    'merge',
    'transformSmiles',
    'listRules',
    'showRule',
    'checkRules',
    'tryTransform',
    'exportTable',
    'sampleTable',
    'summarize',
    'report',
    'gallery',
  ].map(optionsOf);
  const names = (options) => options.map(({ name }) => `'${name}'`).join(' | ');
  const ofRun = (options) => names(options.filter((option) => run.includes(option)));
  const own = (options) => options.filter((option) => !run.includes(option)).map(member);
  const notOnCluster = names(run.filter((option) => !cluster.includes(option)));
  const defaults = Object.keys(defaultsOf('apply'));
  const typed = run
    .filter(({ name }) => defaults.includes(name))
    .map((option) => `${option.name}: ${defaultType(option)};`);
  return [
    declaration(
      'The values used for options that are not given. `workers` and `maxInFlight` depend on the machine.',
      `export declare const defaultApplyOptions: Readonly<{ ${typed.join('\n')} }>;`,
    ),
    declaration(
      'Options of {@link apply} and {@link check}. Each has a flag of the same name on the command line.',
      `export interface ApplyOptions {\n${grouped(run)}\n}`,
    ),
    declaration(
      'Options of {@link clusterApply}: those of {@link apply}, except the ones for its own threads and process, plus where to ' +
        'find the cluster. It always processes the whole library. `dedup` is `exact` or `none`.',
      `export interface ClusterApplyOptions extends Omit<ApplyOptions, ${notOnCluster}> {\n${own(cluster).join('\n')}\n}`,
    ),
    declaration(
      'Options of {@link merge}. Each has a flag of the same name on the command line; the shards are its arguments.',
      `export interface MergeOptions extends Pick<ApplyOptions, ${ofRun(merge)}> {\n${own(merge).join('\n')}\n}`,
    ),
    declaration(
      'Options of {@link transformSmiles}, with the same meaning as for {@link apply}.',
      `export interface TransformOptions extends Pick<ApplyOptions, ${ofRun(call)}> {
        /** Stops the call, which rejects at once with a {@link CancelledError}. */
        signal?: AbortSignal | undefined;
      }`,
    ),
    declaration(
      'Options of {@link listRules}. `family` and `scope` have the same meaning as for {@link apply}.',
      `export interface ListRulesOptions extends Pick<ApplyOptions, ${ofRun(list)}> {\n${own(list).join('\n')}\n}`,
    ),
    declaration(
      'Options of {@link showRule}: the transform files; without any, those of the package.',
      `export interface ShowRuleOptions extends Pick<ApplyOptions, ${ofRun(show)}> {}`,
    ),
    declaration(
      'Options of {@link checkRules}. Each has a flag of the same name on the command line; the files are its arguments.',
      `export interface CheckRulesOptions extends Pick<ApplyOptions, ${ofRun(rules)}> {\n${own(rules).join('\n')}\n}`,
    ),
    declaration(
      'Options of {@link tryTransform}. Each has a flag of the same name on the command line.',
      `export interface TryOptions extends Pick<ApplyOptions, ${ofRun(trial)}> {\n${own(trial).join('\n')}\n}`,
    ),
    declaration(
      'Options of {@link exportTable}. Each has a flag of the same name on the command line.',
      `export interface ExportOptions extends Pick<ApplyOptions, ${ofRun(table)}> {\n${own(table).join('\n')}\n}`,
    ),
    declaration(
      'Options of {@link sampleTable}. Each has a flag of the same name on the command line.',
      `export interface SampleOptions extends Pick<ApplyOptions, ${ofRun(sample)}> {\n${own(sample).join('\n')}\n}`,
    ),
    declaration(
      'Options of {@link summarize}. Each has a flag of the same name on the command line.',
      `export interface SummarizeOptions extends Pick<ApplyOptions, ${ofRun(figures)}> {\n${own(figures).join('\n')}\n}`,
    ),
    declaration(
      'Options of {@link gallery}. Each has a flag of the same name on the command line.',
      `export interface GalleryOptions extends Pick<ApplyOptions, ${ofRun(gallery)}> {\n${own(gallery).join('\n')}\n}`,
    ),
    declaration(
      'Options of {@link report}. Each has a flag of the same name on the command line.',
      `export interface ReportOptions {\n${report.map(member).join('\n')}\n}`,
    ),
    declaration(
      'Options of a run as they took effect, in its summary.',
      `export interface AppliedOptions {\n${run
        .filter(({ isOfCore }) => isOfCore)
        .map(shownMember)
        .join('\n')}
        /** \`key\` on a cluster, unless \`sort\`; absent for the order of the input. */
        order?: 'key';
      }`,
    ),
  ];
}

/** The type of a default: choices and numbers as they are, sizes as per cent. */
function defaultType(option) {
  if (option.kind === 'size') return 'number';
  return option.kind === 'columns' ? 'readonly string[]' : givenType(option);
}

function givenType({ kind, choices }) {
  return kind === 'choice' ? choices.map(([name]) => `'${name}'`).join(' | ') : given[kind];
}

function grouped(options) {
  const groups = [...new Set(options.map(({ group }) => group))];
  return groups
    .map((group) => {
      const members = options.filter((option) => option.group === group).map(member);
      return `  // ---- ${group.toLowerCase()}\n\n${members.join('\n')}`;
    })
    .join('\n\n');
}

function member(option) {
  const { name, required } = option;
  const type = required ? givenType(option) : `${givenType(option)} | undefined`;
  return `${comment(documentation(option), '  ')}\n  ${name}${required ? '' : '?'}: ${type};`;
}

function shownMember(option) {
  const { key, kind, isOptional } = option;
  const type = shown[kind] ?? givenType(option);
  return `  ${key}${['rows', 'files'].includes(kind) ? '?' : ''}: ${type}${isOptional ? ' | null' : ''};`;
}

/** The doc comment of an option: its documentation and its default. */
function documentation({ doc, required, default: value, defaultText }) {
  if (required) return doc;
  if (typeof value === 'string') return `${doc} Default: \`"${value}"\`.`;
  return `${doc} Default: ${['number', 'boolean'].includes(typeof value) ? value : defaultText}.`;
}

function declaration(text, code) {
  return `${comment(text, '')}\n${code}`;
}

function comment(text, indent) {
  const single = `${indent}/** ${text} */`;
  if (single.length <= WIDTH) return single;
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`;
    if (`${indent} *${line}`.length <= WIDTH) lines[lines.length - 1] = line;
    else lines.push(` ${word}`);
  }
  return [`${indent}/**`, ...lines.map((line) => `${indent} *${line}`), `${indent} */`].join('\n');
}

/** `text`, with the tables between `<!-- options of COMMAND -->` and `<!-- end -->` regenerated. */
export function withTables(text, table) {
  const inside = /(?<=^<!-- options of (\w+) -->\n).*?(?=^<!-- end -->)/gms;
  return text.replace(inside, (_, command) => {
    const rows = table.flagsOf(command).flatMap((option) => tableRows(command, option, table));
    return ['', '| option | default | |', '|---|---|---|', ...rows, '', ''].join('\n');
  });
}

function tableRows(command, option, { helpOn, shownDefault }) {
  const { name, kind, short, value, helpNo } = option;
  if (kind === 'paths') return [];
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const long = `\`${value ? `${flag} ${value.toUpperCase()}` : flag}\``;
  const row = (flags, text, shown) => `| ${flags} |${shown && ` ${shown}`} | ${text} |`;
  const rows = [row(short ? `\`-${short}\`, ${long}` : long, helpOn(command, option), shownDefault(option))];
  if (helpNo !== null) rows.push(row(`\`${flag.replace('--', '--no-')}\``, helpNo, ''));
  return rows;
}
