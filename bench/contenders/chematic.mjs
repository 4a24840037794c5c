// chematic, Python over Rust.
import { pythonContender } from './python.mjs';

export default pythonContender({
  key: 'chematic',
  title: 'chematic, process pool',
  program: 'chematic_pool.py',
  environment: 'chematic',
  isSlow: true,
});
