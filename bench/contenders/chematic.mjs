// chematic from Rust: each reaction prepared once, mimalloc. `own` writes its own SMILES, `rdkit` is its RDKit profile.
import { rustProgram } from '../lib/rust.mjs';
import { programRun } from './program.mjs';

function contender(profile, title) {
  const prepare = async () => {
    const command = rustProgram('chematic');
    return (job) => programRun(job, { command, words: [profile], kind: 'smi' });
  };
  return { key: `chematic-${profile}`, title, set: 'converted', isCounted: true, prepare };
}

export default [
  contender('own', 'chematic, Rust loop, own SMILES'),
  contender('rdkit', 'chematic, Rust loop, RDKit profile'),
];
