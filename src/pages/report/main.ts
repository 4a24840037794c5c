import './page.css';
import { element } from '../browser/element';
import { start } from '../browser/start';
import { themeSwitch } from '../browser/theme';
import type { ReportData } from './data';
import { flow } from './flow';
import { headline } from './headline';
import { parents } from './parents';
import { properties } from './properties';
import { files, settings, versions } from './provenance';
import { rejects } from './rejects';
import { notices, warnings } from './remarks';
import { rules } from './rules';
import { timeline } from './timeline';

start<ReportData>((data) => {
  const { summary } = data;
  document.title = `Report of ${summary.output_dir}`;
  const parts = [flow, timeline, parents, properties, rejects, rules, notices, settings, versions, files];
  const sections = parts.map((part) => part(data)).filter((each) => each !== null);
  document.body.append(
    element(
      'header',
      { class: 'top' },
      element(
        'div',
        { class: 'line' },
        element('h1', {}, titleOf(data)),
        element('div', { class: 'aside' }, themeSwitch()),
      ),
      contents(sections),
    ),
    element('main', {}, warnings(data), headline(data), ...sections),
  );
});

function titleOf({ summary: { transforms, source_file } }: ReportData): string {
  const [only, ...others] = transforms;
  const rules = only && others.length === 0 ? only.name : `${transforms.length} rules`;
  const [library, ...more] = [source_file].flat();
  return `${rules} on ${library}${more.length > 0 ? ` and ${more.length} more` : ''}`;
}

/** Links to the sections. */
function contents(sections: readonly HTMLElement[]): HTMLElement {
  const links = sections.map((section) =>
    element('a', { href: `#${section.id}` }, section.querySelector('h2')?.textContent ?? ''),
  );
  return element('nav', { class: 'no-print', 'aria-label': 'Contents' }, ...links);
}
