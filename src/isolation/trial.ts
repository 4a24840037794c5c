/** What a row does to a child that has it alone. */
import type { Death } from './death';
import type { Quarantined } from './work-folder';

/** A child with one row: how it died, or that the row survived. */
export type Attempt = () => Promise<Death | 'survived'>;

/**
 * Tries a row alone, and returns what of it has to be put in quarantine; nothing if it is not to blame.
 *
 * A kill proves nothing against a row, since anybody can send one. The exception is the kernel's, for want of memory:
 * the row is to blame if that happens twice in a row.
 */
export async function verdictOn(attempt: Attempt): Promise<Quarantined[]> {
  const first = await attempt();
  if (first === 'survived') return [];
  if (first.cause !== 'out_of_memory') return blamed(first);
  const second = await attempt();
  return second === 'survived' ? [] : blamed(second);
}

/** The rows, or rows for one transform, that are to blame for the death of a child that had nothing else in hand. */
export function blamed({ cause, inHand }: Death): Quarantined[] {
  if (cause === 'killed') return [];
  return inHand.flatMap(({ sourceRow, transform }) =>
    sourceRow === null
      ? []
      : [{ source_row: sourceRow, transform: cause === 'crashed' ? transform : null, code: cause }],
  );
}
