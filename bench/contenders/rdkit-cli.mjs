// rdkit-cli's own command. It writes one product of each parent, chosen by the order of a Python set, so that less is
// written than elsewhere; all of them are made. Its time is the whole command, start-up included.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../scripts/lib/run.mjs';
import { pythonEnvironment } from '../lib/environments.mjs';

const NO_LIMIT = '1000000';

export default {
  key: 'rdkit-cli',
  title: 'rdkit-cli (one product a parent)',
  set: 'converted',
  isSlow: true,
  oneOnly: true,
  prepare: async () => {
    const command = join(dirname(pythonEnvironment('rdkit-cli')), 'rdkit-cli');
    if (!existsSync(command)) throw new Failure(`${command} is missing.`);
    return (job) => {
      const output = join(job.folder, 'products.parquet');
      const files = ['-i', job.library.parquet, '-o', output, '-n', String(job.workers), '--max-products', NO_LIMIT];
      const args = ['reactions', 'transform', ...files, '-s', job.transforms[0].smirks, '-q', '--no-warnings'];
      return { command, args, env: {}, output, answer: () => ({ versions: { 'rdkit-cli': '0.3.2' } }) };
    };
  },
};
