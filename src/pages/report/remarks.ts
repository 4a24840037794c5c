/** Warnings and notices of the run. */
import { element } from '../browser/element';
import type { ReportData } from './data';
import { section } from './section';

/** The warnings, which come first in the report; null if there are none. */
export function warnings({ summary }: ReportData): HTMLElement | null {
  if (summary.warnings.length === 0) return null;
  const title = summary.warnings.length === 1 ? 'Warning' : `${summary.warnings.length} warnings`;
  const made = section('warnings', title, list(summary.warnings));
  made.classList.add('warnings');
  return made;
}

export function notices({ summary }: ReportData): HTMLElement | null {
  if (summary.notices.length === 0) return null;
  return section('notices', 'Notices', list(summary.notices));
}

function list(texts: readonly string[]): HTMLElement {
  return element('ul', {}, ...texts.map((text) => element('li', {}, text)));
}
