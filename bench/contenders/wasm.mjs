// RDKit's own WASM build, in Node.
import { join } from 'node:path';
import { npmPackage } from '../lib/environments.mjs';
import { PROGRAMS, programRun } from './program.mjs';

const VERSION = '2026.9.1';

export default {
  key: 'wasm',
  title: '@rdkit/rdkit (WASM) in Node',
  set: 'converted',
  isSlow: true,
  prepare: async () => {
    const words = [join(PROGRAMS, 'wasm.mjs'), '--module', npmPackage('@rdkit/rdkit', VERSION)];
    return (job) => programRun(job, { command: process.execPath, words, kind: 'smi' });
  },
};
