// Checks that no files of a Rust crate use each other in a circle, nor the modules directly below its `src`, each of
// which is a file or a folder.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { Failure, main } from './lib/run.mjs';
import { fileUses } from './lib/rust-modules.mjs';

/** The groups of nodes that reach each other (Tarjan); `edges` maps each node to a set of nodes. */
function circlesIn(edges) {
  const order = new Map();
  const lowest = new Map();
  const stack = [];
  const found = [];
  function visit(node) {
    order.set(node, order.size);
    lowest.set(node, order.get(node));
    stack.push(node);
    for (const next of edges.get(node)) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(node, Math.min(lowest.get(node), lowest.get(next)));
    }
    if (lowest.get(node) === order.get(node)) found.push(stack.splice(stack.indexOf(node)));
  }
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return found.filter((group) => group.length > 1);
}

function grouped(uses, groupOf) {
  const edges = new Map([...uses.keys()].map((file) => [groupOf(file), new Set()]));
  for (const [from, files] of uses) {
    for (const to of files) if (groupOf(from) !== groupOf(to)) edges.get(groupOf(from)).add(groupOf(to));
  }
  return edges;
}

/** A text for each circle of the groups into which `groupOf` puts the files, with the uses that make it. */
function faultsIn(crate, uses, groupOf) {
  return circlesIn(grouped(uses, groupOf)).map((circle) => {
    const within = (from, to) =>
      groupOf(from) !== groupOf(to) && [from, to].every((file) => circle.includes(groupOf(file)));
    const pairs = [...uses].flatMap(([from, files]) => [...files].map((to) => [from, to]));
    const lines = pairs.filter(([from, to]) => within(from, to)).map(([from, to]) => `    ${from} -> ${to}`);
    return [`${crate}: ${circle.toSorted().join(', ')}`, ...lines.toSorted()].join('\n');
  });
}

const CRATES = join(root, 'crate');

await main(() => {
  const crates = readdirSync(CRATES).filter((name) => existsSync(join(CRATES, name, 'src')));
  const faults = crates.flatMap((crate) => {
    const uses = fileUses(join(CRATES, crate, 'src'));
    const ofFiles = faultsIn(crate, uses, (file) => file);
    return [...ofFiles, ...faultsIn(crate, uses, (file) => file.replace(/\.rs$|\/.*/, ''))];
  });
  if (faults.length > 0) throw new Failure(`circles:\n${faults.join('\n')}`);
});
