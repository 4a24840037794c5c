// Indigo, Python.
import { pythonContender } from './python.mjs';

export default pythonContender({
  key: 'indigo',
  title: 'Indigo, process pool',
  program: 'indigo_pool.py',
  environment: 'indigo',
  isSlow: true,
});
