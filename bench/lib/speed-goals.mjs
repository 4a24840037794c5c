// The goals for speed, as ratios of rows per second with phenol to OMe.
import { median } from './report.mjs';

const ON_BOTH = [
  { contender: 'predecessor', plants: 5, 'polyphenol-2X': 5 },
  { contender: 'lean', plants: 5, 'polyphenol-2X': 5 },
  { contender: 'stock-glibc', plants: 4.4, 'polyphenol-2X': 5, 'chembl-chiral': 2, znp: 2 },
  { contender: 'floor-glibc', plants: 2.2, 'polyphenol-2X': 1.7 },
];

/** How many times as many rows per second ours has as `entry`, round by round. */
export function ratios(ours, entry) {
  return entry.runs.map(({ rate }, round) => ours.runs[round].rate / rate);
}

/** The goals that a contest can check: [{ title, goal, ratio, passed }]. */
export function goalsOf({ library, set, entries }) {
  if (set !== 'ome') return [];
  const [ours] = entries;
  return ON_BOTH.flatMap((goals) => {
    const entry = entries.find(({ contender, fault }) => contender.key === goals.contender && !fault);
    const goal = goals[library];
    if (!entry || goal === undefined || entry.runs.length === 0) return [];
    const ratio = median(ratios(ours, entry));
    return [{ library, title: entry.contender.title, goal, ratio, passed: ratio >= goal }];
  });
}

/** Whether two sets of products differ although they should be equal. */
export function isUnequal({ contender, common }) {
  return contender.set === 'same' && common && (common.common !== common.ours || common.common !== common.theirs);
}
