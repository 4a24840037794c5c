// rdkit-cli's own command. It makes all products but writes only one per parent, chosen by the order of a Python set,
// so it writes less than the others. Its time covers the whole command, including start-up.
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
