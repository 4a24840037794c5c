// The contenders of bench:speed, in the order of the report.
//
// A contender is
//   key         its name on the command line
//   title       its name in the report
//   set         how its products are compared with ours: 'same' as they are, 'converted' after both sets have gone
//               through RDKit 2025.3.1, 'none' not at all
//   isSlow      it runs on a sample of the rows
//   oneOnly     it can apply only one transform per run
//   isCounted   its instructions are counted if valgrind is installed
//   prepare()   builds what it needs and returns the function job => run; throws a Failure if it is not available here
//
// A job is { library: { parquet, smi }, transforms: [{ name, smirks }], transformsFile, workers, folder }; `folder` is
// empty and belongs to the contender. A run is { command, args, env, output, answer(stdout) }. `output` is the file of
// products, Parquet or text with one `name<TAB>SMILES` per line. `answer` returns { rows, products, unique, seconds,
// versions }; `seconds` excludes start-up, and `unique` is missing if nothing is deduplicated across parents.
import chematic from './chematic.mjs';
import datamol from './datamol.mjs';
import floor from './floor.mjs';
import indigo from './indigo.mjs';
import leanPool from './lean-pool.mjs';
import predecessor from './predecessor.mjs';
import rdkitCli from './rdkit-cli.mjs';
import stockLoop from './stock-loop.mjs';
import threadPool from './thread-pool.mjs';
import wasm from './wasm.mjs';
import { ours, oursExact } from './xform-native.mjs';

export const contenders = [
  ours,
  oursExact,
  ...predecessor,
  ...leanPool,
  ...threadPool,
  ...stockLoop,
  ...floor,
  wasm,
  datamol,
  rdkitCli,
  indigo,
  ...chematic,
];
