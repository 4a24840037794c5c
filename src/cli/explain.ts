/** The text of `--explain` for each transform. */
import type { TransformExplanation } from '../../index';

import { wrapped } from './lines';

const INDENT = 2;
const LABEL = 11;

/** One paragraph per transform, each after an empty line. */
export function explanationText(explanation: readonly TransformExplanation[], width: number): string {
  return explanation.map((each) => paragraph(each, width)).join('');
}

function paragraph({ name, path, reason, prefilter }: TransformExplanation, width: number): string {
  const fact = (label: string, text: string) =>
    wrapped(text, width - INDENT - LABEL)
      .map((line, index) => `${' '.repeat(INDENT)}${(index === 0 ? label : '').padEnd(LABEL)}${line}\n`)
      .join('');
  return `\n${name}\n${fact('path', `${path}: ${reason}`)}${fact('prefilter', prefilter)}`;
}
