// Parts of the reports: tables, figures, the machine.
import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

/** A Markdown table. */
export function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

export const mebibytes = (bytes) => (bytes / 2 ** 20).toFixed(0);

export const thousands = (value) => Math.round(value).toLocaleString('en-US');

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const verdict = (passed) => (passed ? 'pass' : '**FAIL**');

/** Date, machine and versions, as a list; the engine comes from the summary, if there is one. */
export function conditions(summary, further = []) {
  const engine = summary.engine ? [`${summary.engine.name} ${summary.engine.version}`] : [];
  const cores = cpus();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const facts = [
    `Date: ${new Date().toISOString().slice(0, 10)}`,
    `Machine: ${cores[0]?.model ?? 'unknown processor'}, ${cores.length} logical cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB, Linux ${release()} ${arch()}`,
    [`xform-native ${version}`, ...engine, `Node ${process.versions.node}`].join(', '),
    ...further,
  ];
  return facts.map((fact) => `- ${fact}`).join('\n');
}
