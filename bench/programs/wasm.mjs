// RDKit's own WASM build in Node: get_mol, run_reactants, get_smiles, in worker threads with one module each.
//
//     node wasm.mjs --module FOLDER --input LIBRARY.smi --transforms TRANSFORMS.tsv --output FILE --workers N
//
// Prints the same line as the other programs. Loading the module is start-up and not timed.
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const CHUNK = 256;
const MAX_PRODUCTS = 1_000_000;

if (isMainThread) await runAll();
else await work();

async function runAll() {
  const names = ['module', 'input', 'transforms', 'output', 'workers'];
  const { values } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) });
  const transforms = lines(values.transforms).map((line) => line.split('\t'));
  const threads = Array.from(
    { length: Number(values.workers) },
    () => new Worker(new URL(import.meta.url), { workerData: { module: values.module, transforms } }),
  );
  const [[version]] = await Promise.all(threads.map((thread) => once(thread, 'message')));

  const started = performance.now();
  const rows = lines(values.input).map((line) => line.split('\t', 1)[0]);
  const output = openSync(values.output, 'w');
  let [next, products] = [0, 0];
  const feed = async (thread) => {
    while (next < rows.length) {
      const chunk = rows.slice(next, next + CHUNK);
      next += CHUNK;
      thread.postMessage(chunk);
      const [written] = await once(thread, 'message');
      products += written.length;
      if (written.length > 0) writeSync(output, `${written.join('\n')}\n`);
    }
  };
  await Promise.all(threads.map(feed));
  closeSync(output);
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(threads.map((thread) => thread.terminate()));
  console.log(JSON.stringify({ rows: rows.length, products, seconds, versions: { rdkit: version } }));
}

async function work() {
  const rdkit = await createRequire(import.meta.url)(workerData.module)();
  rdkit.disable_logging('rdApp.*');
  const reactions = workerData.transforms.map(([name, smirks]) => [name, rdkit.get_rxn(smirks)]);
  parentPort.on('message', (rows) =>
    parentPort.postMessage(rows.flatMap((smiles) => products(rdkit, reactions, smiles))),
  );
  parentPort.postMessage(rdkit.version());
}

/** The distinct products of a parent as `name<TAB>SMILES`. Everything on the module's heap is freed. */
function products(rdkit, reactions, smiles) {
  const parent = rdkit.get_mol(smiles);
  if (parent === null) return [];
  const reactants = new rdkit.MolList();
  reactants.append(parent);
  const made = reactions.flatMap(([name, reaction]) => {
    const sets = reaction.run_reactants(reactants, MAX_PRODUCTS);
    const seen = new Set();
    for (let i = 0; i < sets.size(); i += 1) {
      const set = sets.get(i);
      for (let j = 0; j < set.size(); j += 1) {
        const product = set.at(j);
        if (product === null) continue;
        seen.add(`${name}\t${product.get_smiles()}`);
        product.delete();
      }
      set.delete();
    }
    sets.delete();
    return [...seen];
  });
  reactants.delete();
  parent.delete();
  return made;
}

function lines(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
