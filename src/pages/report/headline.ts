/** The figures that a reader looks for first. */
import { bytes, count } from '../../cli/format';
import { element } from '../browser/element';
import type { ReportData } from './data';
import { percent, time } from './figures';

export function headline({ summary }: ReportData): HTMLElement {
  const { stats, total_input, unique_products, memory, files, rejected_rows, transforms } = summary;
  const figures: [value: string, what: string, detail: string][] = [
    [count(unique_products), 'products written', bytes(files.products.bytes)],
    [count(total_input), 'rows read', `${count(transforms.length)} ${transforms.length === 1 ? 'rule' : 'rules'}`],
    [percent(stats.success, total_input) || '0', 'rows with products', count(stats.success)],
    [count(rejected_rows), 'rows rejected', percent(rejected_rows, total_input)],
    [time(summary.elapsed_seconds), 'elapsed', `${count(summary.throughput_mol_per_sec)} rows/s`],
    [
      memory.peak_bytes > 0 ? bytes(memory.peak_bytes) : 'not measured',
      'memory at most',
      `target ${bytes(memory.target_bytes)}`,
    ],
  ];
  const boxes = figures.map(([value, what, detail]) =>
    element(
      'div',
      {},
      element('dt', {}, what),
      element('dd', {}, element('strong', {}, value), element('span', {}, detail)),
    ),
  );
  return element('dl', { class: 'headline' }, ...boxes);
}
