/** The findings of a check of rules as text, in the form of a compiler's messages. */
import type { RulesFinding, RulesReport } from '../../index';
import { count } from './format';
import { wrapped } from './lines';
import { sampleLines } from './sample';

const INDENT = '    ';
const CUT = '...';

/** Each finding with the part of the pattern that it is about, and a last line that counts them. */
export function findingsText(report: RulesReport, width: number): string {
  const lines: string[] = [];
  let path: string | undefined;
  for (const finding of report.findings) {
    if (path !== undefined && path !== finding.path) lines.push('');
    path = finding.path;
    lines.push(...findingLines(finding, width));
  }
  if (lines.length > 0) lines.push('');
  const sample = report.sample ? ['', ...sampleLines(report.sample, width)] : [];
  return `${[...lines, summary(report), ...sample].join('\n')}\n`;
}

function findingLines(finding: RulesFinding, width: number): string[] {
  const { path, line, column, severity, code, transform, effect, advice } = finding;
  const place = [path, line, column].filter((part) => part !== null).join(':');
  const name = transform === null ? '' : `${transform}: `;
  const [first = '', ...others] = wrapped(`${place}: ${severity}: ${code}: ${name}${effect}`, width - INDENT.length);
  const below = [
    ...others,
    ...patternLines(finding, width - 2 * INDENT.length).map((text) => INDENT + text),
    ...(advice === '' ? [] : wrapped(`instead: ${advice}`, width - INDENT.length)),
  ];
  return [first, ...below.map((text) => INDENT + text)];
}

/** The pattern, cut to `width` around the fragment, and carets below the fragment. */
function patternLines({ pattern, fragment, position }: RulesFinding, width: number): string[] {
  if (pattern === null) return [];
  const characters = Array.from(pattern);
  const start = (position ?? 1) - 1;
  const room = width - 2 * CUT.length;
  const first = characters.length <= width ? 0 : Math.max(0, Math.min(start - 10, characters.length - room));
  const last = characters.length <= width ? characters.length : Math.min(characters.length, first + room);
  const before = first > 0 ? CUT : '';
  const shown = before + characters.slice(first, last).join('') + (last < characters.length ? CUT : '');
  if (position === null) return [shown];
  const length = Math.max(1, Math.min(Array.from(fragment ?? '').length, last - start));
  return [shown, ' '.repeat(before.length + start - first) + '^'.repeat(length)];
}

function summary({ rules, errors, warnings, notes }: RulesReport): string {
  const counted = (value: number, what: string) => `${count(value)} ${what}${value === 1 ? '' : 's'}`;
  const found = [counted(errors, 'error'), counted(warnings, 'warning'), counted(notes, 'note')];
  return `${counted(rules.length, 'rule')}: ${found.join(', ')}`;
}
