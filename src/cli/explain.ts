/** The text of `--explain` for each transform. */
import type { TransformExplanation } from '../../index';

/** One paragraph per transform, each after an empty line. */
export function explanationText(explanation: readonly TransformExplanation[]): string {
  return explanation.map(paragraph).join('');
}

function paragraph({ name, path, reason, prefilter }: TransformExplanation): string {
  return `\n${name}\n  path       ${path}: ${reason}\n  prefilter  ${prefilter}\n`;
}
