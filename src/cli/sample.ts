/** What rules did to rows of a library, as text. */
import type { RulesSample, SampledRule } from '../../index';
import { count } from './format';
import { type Column, tableLines } from './table';

const columns: Column[] = [
  { head: 'rule', least: 12 },
  { head: 'site rows' },
  { head: 'product rows' },
  { head: 'per row' },
  { head: 'as parent' },
  { head: 'failed' },
  { head: 'us/row' },
];

const failureColumns: Column[] = [
  { head: 'failure' },
  { head: 'rows' },
  { head: 'for example row' },
  { head: 'molecule', least: 12 },
];

const slowColumns: Column[] = [{ head: 'slowest rows' }, { head: 'ms' }, { head: 'molecule', least: 12 }];

const INDENT = '  ';

/** The lines about a sample: a table of the rules, then the failures and the slowest rows of each. */
export function sampleLines(sample: RulesSample, width: number): string[] {
  const { library, rows, library_rows, rows_refused, rules } = sample;
  const refused = rows_refused > 0 ? `, of which RDKit refuses ${count(rows_refused)}` : '';
  return [
    `tried on ${count(rows)} of the ${count(library_rows)} rows of ${[library].flat().join(', ')}${refused}`,
    ...tableLines(columns, rules.map(cells), width),
    ...rules.flatMap((rule) => detailLines(rule, width)),
  ];
}

function cells(rule: SampledRule): string[] {
  return [
    rule.name,
    count(rule.rows_with_sites),
    count(rule.rows_with_products),
    rule.products_per_row.toFixed(1),
    count(rule.products_same_as_parent),
    count(rule.sites_failed),
    (1e6 * rule.cpu_seconds_per_row).toFixed(0),
  ];
}

function detailLines({ name, failures, slowest }: SampledRule, width: number): string[] {
  const failed = failures.map(({ code, rows, source_row, source_smiles }) => [
    code,
    count(rows),
    String(source_row),
    source_smiles,
  ]);
  const slow = slowest.map(({ source_row, cpu_seconds, source_smiles }) => [
    String(source_row),
    (1e3 * cpu_seconds).toFixed(2),
    source_smiles,
  ]);
  const tables = [
    ...(failed.length > 0 ? tableLines(failureColumns, failed, width - INDENT.length) : []),
    ...(slow.length > 0 ? tableLines(slowColumns, slow, width - INDENT.length) : []),
  ];
  return ['', name, ...tables.map((line) => INDENT + line)];
}
