/** The text of `--explain` for each transform. */
import type { TransformExplanation } from '../../index';

import { labelledLines } from './lines';

/** One paragraph per transform, each after an empty line. */
export function explanationText(explanation: readonly TransformExplanation[], width: number): string {
  return explanation.map((each) => paragraph(each, width)).join('');
}

function paragraph({ name, path, reason, prefilter }: TransformExplanation, width: number): string {
  const facts = [
    ...labelledLines('  path       ', `${path}: ${reason}`, width),
    ...labelledLines('  prefilter  ', prefilter, width),
  ];
  return `\n${name}\n${facts.join('\n')}\n`;
}
