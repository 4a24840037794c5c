// Paired repetitions: in each round every entry runs once, in turn, so that a slow minute of the machine affects all of
// them. Every other round goes backwards, so that no entry always follows the same one and its traces in caches and
// memory.

/** Calls `run(entry)` for each entry in each of `count` rounds and appends the result to `entry.runs`. */
export async function interleave(entries, count, run) {
  for (const entry of entries) entry.runs ??= [];
  for (let round = 1; round <= count; round += 1) {
    for (const entry of round % 2 ? entries : entries.toReversed()) {
      const result = await run(entry);
      if (result !== undefined) entry.runs.push(result);
    }
  }
}
