// The program of a careful Python user; also with mimalloc instead of glibc's malloc.
import { preloadMimalloc } from '../lib/mimalloc.mjs';
import { onBothWheels, pythonContender } from './python.mjs';

const program = 'lean_pool.py';

export default [
  ...onBothWheels({ key: 'lean', title: 'lean Python pool', program }),
  pythonContender({
    key: 'lean-mimalloc',
    title: 'lean Python pool, newest wheel, mimalloc',
    program,
    environment: 'newest',
    preload: preloadMimalloc,
  }),
];
