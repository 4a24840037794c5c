/** What failed, by reason, with examples. */
import { count } from '../../cli/format';
import { drawing } from '../browser/drawing';
import { element } from '../browser/element';
import { whenNear } from '../browser/nearby';
import type { RejectExample, RejectGroup, ReportData } from './data';
import { percent } from './figures';
import { note, section } from './section';

export function rejects({ rejects: groups }: ReportData): HTMLElement {
  if (groups.length === 0)
    return section('rejects', 'Rejects', note('Nothing failed: rejects.parquet has no records.'));
  const total = groups.reduce((sum, { records }) => sum + records, 0);
  return section('rejects', 'Rejects', ...groups.map((each) => group(each, total)));
}

function group({ stage, code, records, examples }: RejectGroup, total: number): HTMLElement {
  const share = `${count(records)} ${records === 1 ? 'record' : 'records'}, ${percent(records, total)}`;
  const title = element(
    'h3',
    {},
    element('code', {}, code),
    element('span', { class: 'quiet' }, ` ${stage}: ${share}`),
  );
  return element('div', { class: 'reject' }, title, element('ul', { class: 'strip' }, ...examples.map(example)));
}

function example({ source_row, source_id, smiles, transform, reason, drawing: svg }: RejectExample): HTMLElement {
  const picture = element('div', { class: 'picture' });
  whenNear(picture, () => picture.append(svg === null ? 'no drawing' : drawing(svg, `Molecule ${smiles ?? ''}`)));
  const facts = [source_id === null ? null : `row ${count(source_row)}`, transform].filter((fact) => fact !== null);
  return element(
    'li',
    {},
    picture,
    element('p', {}, element('strong', {}, source_id ?? `row ${count(source_row)}`)),
    facts.length > 0 ? element('p', { class: 'quiet' }, facts.join(', ')) : null,
    element('p', {}, reason),
    smiles === null ? null : element('p', { class: 'smiles', title: smiles }, smiles),
  );
}
