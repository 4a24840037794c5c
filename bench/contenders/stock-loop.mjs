// The loop that a user of RDKit writes in C++.
import { onBothAllocators } from './cpp.mjs';

export default onBothAllocators({
  key: 'stock',
  title: 'stock C++ loop',
  program: 'stock_loop',
  set: 'same',
  isCounted: true,
});
