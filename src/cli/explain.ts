/** What `--explain` says of each transform in words. */
import type { TransformExplanation } from '../../index';

/** A paragraph for each transform, each after an empty line. */
export function explanationText(explanation: readonly TransformExplanation[]): string {
  return explanation.map(paragraph).join('');
}

function paragraph({ name, path, reason, prefilter }: TransformExplanation): string {
  return `\n${name}\n  path       ${path}: ${reason}\n  prefilter  ${prefilter}\n`;
}
