// datamol, Python.
import { pythonContender } from './python.mjs';

export default pythonContender({
  key: 'datamol',
  title: 'datamol, process pool',
  program: 'datamol_pool.py',
  environment: 'datamol',
  isSlow: true,
});
